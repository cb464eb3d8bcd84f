package io.sluice.broker.kernel;

import io.sluice.base.Time;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waiting that an interrupt does not cut short: the flag is set again when the wait is over. */
final class Uninterruptibly {
    private Uninterruptibly() {}

    /** @return whether the latch came down in time */
    static boolean await(CountDownLatch latch, long timeoutMs) {
        boolean interrupted = false;
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        long end = Time.SYSTEM.nanoseconds() + left;
        try {
            while (true) {
                try {
                    return latch.await(left, TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                    left = end - Time.SYSTEM.nanoseconds();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits once on a monitor that the caller holds; may wake for no reason, as {@link Object#wait()} does. */
    static void await(Object monitor) {
        try {
            monitor.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Thread.yield();
        }
    }
}
