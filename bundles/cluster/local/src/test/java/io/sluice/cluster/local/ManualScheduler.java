package io.sluice.cluster.local;

import io.sluice.base.Scheduler;
import java.util.ArrayDeque;

/** Keeps tasks until the test runs them on its own thread. */
final class ManualScheduler implements Scheduler {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        throw new UnsupportedOperationException("the log needs no timer");
    }

    @Override
    public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
        throw new UnsupportedOperationException("the log needs no timer");
    }
}
