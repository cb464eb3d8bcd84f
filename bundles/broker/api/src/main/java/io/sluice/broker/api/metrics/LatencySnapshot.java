package io.sluice.broker.api.metrics;

import java.util.Arrays;

/** What a {@link LatencyHistogram} had counted at one time. Immutable. */
public final class LatencySnapshot {
    private static final long FIRST_NANOS = 10_000L;
    private static final int DECADES = 7;
    /** In tenths, within a power of ten. */
    private static final int[] STEPS = {10, 15, 20, 30, 50, 75};

    private static final long[] BOUNDS = bounds();

    private final long[] counts;
    private final long sumNanos;
    private final long count;

    LatencySnapshot(long[] counts, long sumNanos) {
        this.counts = counts;
        this.sumNanos = sumNanos;
        this.count = Arrays.stream(counts).sum();
    }

    private static long[] bounds() {
        long[] bounds = new long[DECADES * STEPS.length];
        long decade = FIRST_NANOS;
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = decade / 10L * STEPS[i % STEPS.length];
            if (i % STEPS.length == STEPS.length - 1) {
                decade *= 10L;
            }
        }
        return bounds;
    }

    static int buckets() {
        return BOUNDS.length + 1;
    }

    /** The first bucket whose bound is not below. */
    static int bucketOf(long nanos) {
        int found = Arrays.binarySearch(BOUNDS, nanos);
        return found >= 0 ? found : -found - 1;
    }

    public long count() {
        return count;
    }

    public long sumNanos() {
        return sumNanos;
    }

    /** How many took at most so long; exact for the bounds of buckets: 1, 1.5, 2, 3, 5 and 7.5 times a power of ten. */
    public long countUpTo(long nanos) {
        long below = 0L;
        for (int i = 0; i < BOUNDS.length && BOUNDS[i] <= nanos; i++) {
            below += counts[i];
        }
        return below;
    }

    /**
     * The duration that this share of them did not exceed, evenly spread within its bucket; 0 when there are none. What lies above the last
     * bound counts as that.
     *
     * @param share from 0 to 1
     */
    public double quantileNanos(double share) {
        double rank = share * count;
        long below = 0L;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0L && below + counts[i] >= rank) {
                double from = i == 0 ? 0.0 : BOUNDS[i - 1];
                double to = i == BOUNDS.length ? from : BOUNDS[i];
                return from + (to - from) * Math.max(0.0, rank - below) / counts[i];
            }
            below += counts[i];
        }
        return 0.0;
    }

    /** What both have counted together. */
    public LatencySnapshot plus(LatencySnapshot other) {
        long[] sum = new long[counts.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = counts[i] + other.counts[i];
        }
        return new LatencySnapshot(sum, sumNanos + other.sumNanos);
    }

    /** What was counted since an earlier snapshot of the same histogram. */
    public LatencySnapshot since(LatencySnapshot earlier) {
        long[] difference = new long[counts.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = Math.max(0L, counts[i] - earlier.counts[i]);
        }
        return new LatencySnapshot(difference, Math.max(0L, sumNanos - earlier.sumNanos));
    }
}
