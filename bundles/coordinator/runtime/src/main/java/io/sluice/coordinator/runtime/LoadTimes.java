package io.sluice.coordinator.runtime;

import io.sluice.base.Time;
import java.util.ArrayDeque;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** How long a coordinator has taken to load its partitions, in the last minute. Any thread. */
public final class LoadTimes {
    private static final long KEPT_NANOS = 60_000_000_000L;
    private static final int KEPT_MAX = 1_000;

    private record Load(long endNanos, long ms) {}

    private final Time time;
    private final ArrayDeque<Load> loads = new ArrayDeque<>();

    LoadTimes(Time time) {
        this.time = time;
    }

    synchronized void loaded(long ms) {
        if (loads.size() == KEPT_MAX) {
            loads.remove();
        }
        loads.add(new Load(time.nanoseconds(), ms));
    }

    /** In milliseconds; NaN when none was loaded. */
    public double longestMs() {
        return of(all -> all.max().orElse(0L));
    }

    /** In milliseconds; NaN when none was loaded. */
    public double averageMs() {
        return of(all -> all.average().orElse(0.0));
    }

    private synchronized double of(ToDoubleFunction<LongStream> what) {
        long now = time.nanoseconds();
        loads.removeIf(load -> now - load.endNanos() > KEPT_NANOS);
        return loads.isEmpty() ? Double.NaN : what.applyAsDouble(loads.stream().mapToLong(Load::ms));
    }
}
