package io.sluice.admin.metrics;

import io.sluice.base.Scheduler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Timers that go off when they are told to. */
final class TimerFake implements Scheduler {
    private final List<Runnable> armed = new CopyOnWriteArrayList<>();

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        armed.add(task);
        return () -> armed.remove(task);
    }

    @Override
    public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
        return schedule(initialDelayMs, task);
    }

    int waiting() {
        return armed.size();
    }

    void fire() {
        List<Runnable> due = List.copyOf(armed);
        armed.clear();
        due.forEach(Runnable::run);
    }
}
