package io.sluice.cluster.controller;

import io.sluice.base.Scheduler;
import java.util.ArrayDeque;

/** Runs tasks at once on the caller's thread, one after the other; timers never fire. */
final class StepScheduler implements Scheduler {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (!running) {
            running = true;
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
            running = false;
        }
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        return () -> {};
    }

    @Override
    public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
        return () -> {};
    }
}
