package io.sluice.broker.kernel;

import io.sluice.broker.api.metrics.PartSwaps;

/** How often a role changed hands, and how long nobody held it then. Any thread. */
final class SwapTimes {
    private boolean away;
    private long leftNanos;
    private long swaps;
    private long lastNanos;
    private long longestNanos;
    private long allNanos;

    /** Its holder leaves: from now on it is not lent. */
    synchronized void left(long nowNanos) {
        if (!away) {
            away = true;
            leftNanos = nowNanos;
        }
    }

    /** It can be lent. */
    synchronized void opened(long nowNanos) {
        if (away) {
            away = false;
            swaps++;
            lastNanos = nowNanos - leftNanos;
            longestNanos = Math.max(longestNanos, lastNanos);
            allNanos += lastNanos;
        }
    }

    synchronized PartSwaps snapshot(String kind, String name, boolean open) {
        return new PartSwaps(kind, name, open, swaps, lastNanos, longestNanos, allNanos);
    }
}
