package io.sluice.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Resident memory and open files of a broker over time, each looked at after a full collection. For one thread. */
final class Vitals {
    /** What comes and goes with segments, connections and jars. */
    private static final long HANDLES_MORE = 40L;

    private static final double MEMORY_MORE_MB = 32.0;
    private static final double MEMORY_MORE_SHARE = 0.15;

    private final BrokerProcess broker;
    private final List<double[]> samples = new ArrayList<>();
    private final long began = System.nanoTime();

    Vitals(BrokerProcess broker) {
        this.broker = broker;
    }

    void look() throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        BrokerProcess.run(List.of(jcmd.toString(), Long.toString(broker.pid()), "GC.run"));
        double minutes = (System.nanoTime() - began) / 60e9;
        samples.add(new double[] {minutes, broker.residentKb() / 1024.0, handles()});
    }

    private long handles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(broker.pid()), "fd"))) {
            return open.count();
        }
    }

    /** The median of the second fifth of the samples, for the first warm the broker up. */
    double earlyMb() {
        return median(1, 1);
    }

    double lateMb() {
        return median(1, 4);
    }

    double earlyHandles() {
        return median(2, 1);
    }

    double lateHandles() {
        return median(2, 4);
    }

    private double median(int what, int fifth) {
        int from = fifth * samples.size() / 5;
        int to = Math.max(from + 1, (fifth + 1) * samples.size() / 5);
        double[] some = samples.subList(from, to).stream()
                .mapToDouble(sample -> sample[what])
                .sorted()
                .toArray();
        return some[some.length / 2];
    }

    /** The slope of the line through the samples of memory after the first fifth, by least squares. */
    double mbPerMinute() {
        List<double[]> warm = samples.subList(samples.size() / 5, samples.size());
        double meanAt = warm.stream().mapToDouble(s -> s[0]).average().orElse(0.0);
        double meanMb = warm.stream().mapToDouble(s -> s[1]).average().orElse(0.0);
        double up = 0.0;
        double down = 0.0;
        for (double[] sample : warm) {
            up += (sample[0] - meanAt) * (sample[1] - meanMb);
            down += (sample[0] - meanAt) * (sample[0] - meanAt);
        }
        return down == 0.0 ? 0.0 : up / down;
    }

    int count() {
        return samples.size();
    }

    boolean areHandlesFlat() {
        return lateHandles() <= earlyHandles() + HANDLES_MORE;
    }

    boolean isMemoryFlat() {
        return lateMb() <= earlyMb() * (1.0 + MEMORY_MORE_SHARE) + MEMORY_MORE_MB;
    }
}
