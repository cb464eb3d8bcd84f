package io.sluice.storage.kit;

import io.sluice.base.Scheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Keeps tasks until it is told to run them, on the caller's thread. */
public final class ManualScheduler implements Scheduler {
    private final Deque<Runnable> soon = new ArrayDeque<>();
    private final List<Timed> timed = new ArrayList<>();

    private record Timed(Runnable task, boolean repeated) {}

    @Override
    public synchronized void execute(Runnable task) {
        soon.add(task);
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        return add(new Timed(task, false));
    }

    @Override
    public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
        return add(new Timed(task, true));
    }

    private synchronized Cancellable add(Timed task) {
        timed.add(task);
        return () -> remove(task);
    }

    private synchronized void remove(Timed task) {
        timed.remove(task);
    }

    private synchronized Runnable poll() {
        Runnable task = soon.poll();
        return task == null ? () -> {} : task;
    }

    private synchronized boolean isIdle() {
        return soon.isEmpty();
    }

    /** Runs what was to run soon, and what that adds. */
    public void runPending() {
        while (!isIdle()) {
            poll().run();
        }
    }

    /** Runs everything that waits for its time too, repeated tasks once. */
    public void runAll() {
        runPending();
        List<Timed> due;
        synchronized (this) {
            due = List.copyOf(timed);
            timed.removeIf(task -> !task.repeated());
        }
        due.forEach(task -> task.task().run());
        runPending();
    }
}
