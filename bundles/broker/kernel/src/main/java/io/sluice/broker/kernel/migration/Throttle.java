package io.sluice.broker.kernel.migration;

import io.sluice.base.Time;

/** Lets so many bytes pass in a second, of all logs together that share it. For several threads. */
public final class Throttle {
    private static final long NANOS = 1_000_000_000L;

    private final Time time;
    private long bytesPerSecond;
    private long freeAtNanos;

    public Throttle(Time time) {
        this.time = time;
        this.freeAtNanos = time.nanoseconds();
    }

    /** @param limit 0 for none; below that nothing may pass */
    public synchronized void limit(long limit) {
        if (limit != bytesPerSecond) {
            bytesPerSecond = limit;
            freeAtNanos = time.nanoseconds();
        }
    }

    /** How many bytes may be copied now, at most this many; 0 when it is not time yet. */
    public synchronized int allowance(int most) {
        if (bytesPerSecond == 0L) {
            return most;
        }
        if (bytesPerSecond < 0L) {
            return 0;
        }
        if (time.nanoseconds() - freeAtNanos < 0L) {
            return 0;
        }
        return (int) Math.max(1L, Math.min(most, bytesPerSecond / 10));
    }

    public synchronized void copied(long bytes) {
        if (bytesPerSecond > 0L) {
            long now = time.nanoseconds();
            long from = now - freeAtNanos > NANOS ? now : freeAtNanos;
            freeAtNanos = from + bytes * NANOS / bytesPerSecond;
        }
    }
}
