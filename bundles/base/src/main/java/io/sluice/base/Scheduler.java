package io.sluice.base;

import java.util.concurrent.Executor;

/**
 * The seam for threads and timers. The kernel owns the one that the broker runs on; a simulation passes its own.
 *
 * <p>Tasks may block on disk. A task that throws is reported by the scheduler and does not stop it. No task's thread
 * is ever interrupted, because an interrupt closes the {@code FileChannel} that the thread is using.
 */
public interface Scheduler extends Executor {
    /** Runs the task soon on one of the scheduler's threads. */
    @Override
    void execute(Runnable task);

    /** Runs the task once after the delay. */
    Cancellable schedule(long delayMs, Runnable task);

    /** Runs the task again and again, the delay counted from the end of one run to the start of the next. */
    Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task);

    /** A timer that can be called off. */
    @FunctionalInterface
    interface Cancellable {
        /** Takes the task off the schedule if it has not begun; a running task is left to finish. */
        void cancel();
    }
}
