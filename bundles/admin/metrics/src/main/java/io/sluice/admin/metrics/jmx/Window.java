package io.sluice.admin.metrics.jmx;

import io.sluice.broker.api.metrics.LatencySnapshot;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What a histogram has counted in the last five to six minutes, and in all. Ticked by one thread; read by any. */
final class Window {
    private static final int MINUTES = 6;
    private static final int TICKS_OF_MINUTE = 60 / Meter.TICK_SECONDS;

    private final ArrayDeque<LatencySnapshot> minutes = new ArrayDeque<>();
    private int ticks;
    private @Nullable LatencySnapshot now;

    synchronized void tick(LatencySnapshot snapshot) {
        now = snapshot;
        if (ticks++ % TICKS_OF_MINUTE == 0) {
            minutes.add(snapshot);
            if (minutes.size() > MINUTES) {
                minutes.remove();
            }
        }
    }

    synchronized long count() {
        return now == null ? 0L : now.count();
    }

    /** In milliseconds. In the first minutes all that there was counts. */
    synchronized double quantileMs(double share) {
        LatencySnapshot last = now;
        LatencySnapshot earliest = minutes.peek();
        if (last == null || earliest == null) {
            return 0.0;
        }
        LatencySnapshot recent = minutes.size() < MINUTES ? last : last.since(earliest);
        return recent.quantileNanos(share) / 1e6;
    }

    synchronized double meanMs() {
        return now == null || now.count() == 0L ? 0.0 : now.sumNanos() / 1e6 / now.count();
    }
}
