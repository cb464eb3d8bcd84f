package io.sluice.itests;

import java.nio.file.Path;
import java.util.List;

/** Asks the broker's virtual machine, from outside, how many copies of a bundle's classes are still loaded. */
final class LoaderCensus {
    private LoaderCensus() {}

    /** How many class loaders, beside the present one, still hold classes of the bundle after a full collection. */
    static long retained(BrokerProcess broker, String bundle) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        String pid = Long.toString(broker.pid());
        long loaders = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            BrokerProcess.run(List.of(jcmd.toString(), pid, "GC.run"));
            String classes = BrokerProcess.run(List.of(jcmd.toString(), pid, "GC.class_histogram", "-all"))
                    .out();
            loaders = Math.min(loaders, mostCopies(classes, bundle));
        }
        return Math.max(0L, loaders - 1L);
    }

    /** A class that is loaded by several loaders stands in several rows. */
    private static long mostCopies(String histogram, String bundle) {
        java.util.Map<String, Long> copies = new java.util.HashMap<>();
        for (String line : histogram.split("\n")) {
            String[] columns = line.trim().split("\\s+");
            if (columns.length >= 4 && columns[3].startsWith(bundle + ".")) {
                copies.merge(columns[3], 1L, Long::sum);
            }
        }
        return copies.values().stream().mapToLong(Long::longValue).max().orElse(0L);
    }
}
