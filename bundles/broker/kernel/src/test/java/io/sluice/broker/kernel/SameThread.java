package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;

/** Runs at once what is to run soon; nothing here is to run later. */
final class SameThread implements Scheduler {
    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
        throw new UnsupportedOperationException();
    }
}
