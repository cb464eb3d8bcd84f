package io.sluice.broker.api.metrics;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how long things took in fixed buckets, six for each power of ten from ten microseconds to a hundred seconds. Any thread; {@link #record} takes no
 * lock and allocates nothing but a cell where threads meet.
 */
public final class LatencyHistogram {
    private final LongAdder[] counts = new LongAdder[LatencySnapshot.buckets()];
    private final LongAdder sumNanos = new LongAdder();

    public LatencyHistogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** A negative duration counts as none. */
    public void record(long nanos) {
        long taken = Math.max(0L, nanos);
        counts[LatencySnapshot.bucketOf(taken)].increment();
        sumNanos.add(taken);
    }

    /** What was counted so far; what is recorded meanwhile may be in it in part. */
    public LatencySnapshot snapshot() {
        long[] now = new long[counts.length];
        for (int i = 0; i < now.length; i++) {
            now[i] = counts[i].sum();
        }
        return new LatencySnapshot(now, sumNanos.sum());
    }
}
