package io.sluice.storage.segment;

import io.sluice.base.Time;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/**
 * Holds up who reads and writes more than a number of bytes in a second, all of them together. The rate is looked at anew each time.
 * Safe for several threads.
 */
final class IoThrottle {
    /** A wait is no longer than this before it is looked whether it is still wanted. */
    private static final long STEP_NANOS = 20_000_000L;

    private static final double NANOS_PER_SECOND = 1e9;

    private final Time time;
    private final DoubleSupplier bytesPerSecond;
    private final Pause pause;
    private long freeAtNanos;

    /** Lets the thread wait for about that long. */
    @FunctionalInterface
    interface Pause {
        void nanos(long nanos);
    }

    IoThrottle(Time time, DoubleSupplier bytesPerSecond) {
        this(time, bytesPerSecond, IoThrottle::await);
    }

    IoThrottle(Time time, DoubleSupplier bytesPerSecond, Pause pause) {
        this.time = time;
        this.bytesPerSecond = bytesPerSecond;
        this.pause = pause;
        this.freeAtNanos = time.nanoseconds();
    }

    /** Counts bytes that were moved, and waits until that is as slow as it must be, or until it is stopped. */
    void spend(long bytes, BooleanSupplier stopped) {
        double rate = bytesPerSecond.getAsDouble();
        if (!(rate < Long.MAX_VALUE)) {
            return;
        }
        long until = reserve((long) (bytes / Math.max(1.0, rate) * NANOS_PER_SECOND));
        long left = until - time.nanoseconds();
        while (left > 0L && !stopped.getAsBoolean()) {
            pause.nanos(Math.min(left, STEP_NANOS));
            left = until - time.nanoseconds();
        }
    }

    private synchronized long reserve(long nanos) {
        freeAtNanos = Math.max(freeAtNanos, time.nanoseconds()) + nanos;
        return freeAtNanos;
    }

    private static void await(long nanos) {
        ReentrantLock lock = new ReentrantLock();
        Condition never = lock.newCondition();
        lock.lock();
        try {
            never.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("background threads are not interrupted", e);
        } finally {
            lock.unlock();
        }
    }
}
