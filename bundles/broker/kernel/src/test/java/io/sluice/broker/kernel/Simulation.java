package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One thread and one clock: nothing runs and no time passes but in the calls of a test. */
final class Simulation implements Time, Scheduler {
    private final ArrayDeque<Runnable> soon = new ArrayDeque<>();
    private final List<Timer> timers = new ArrayList<>();
    private long nowNanos = 1_700_000_000_000L * 1_000_000L;
    private long tickNanos;

    private static final class Timer {
        final long dueNanos;
        final Runnable task;

        Timer(long dueNanos, Runnable task) {
            this.dueNanos = dueNanos;
            this.task = task;
        }
    }

    /** From now on so much time passes whenever somebody looks at the clock, and timers that fall due run then. */
    void tick(long ms) {
        tickNanos = ms * 1_000_000L;
    }

    @Override
    public long milliseconds() {
        return nowNanos / 1_000_000L;
    }

    @Override
    public long nanoseconds() {
        if (tickNanos > 0L) {
            nowNanos += tickNanos;
            runTimers();
        }
        return nowNanos;
    }

    @Override
    public void execute(Runnable task) {
        soon.add(task);
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        Timer timer = new Timer(nowNanos + Math.max(0L, delayMs) * 1_000_000L, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
        List<Cancellable> armed = new ArrayList<>();
        armed.add(schedule(initialDelayMs, () -> repeat(delayMs, task, armed)));
        return () -> armed.forEach(Cancellable::cancel);
    }

    private void repeat(long delayMs, Runnable task, List<Cancellable> armed) {
        task.run();
        armed.add(schedule(delayMs, () -> repeat(delayMs, task, armed)));
    }

    /** Runs what was to run soon, and what comes of it. */
    void run() {
        Runnable next;
        while ((next = soon.poll()) != null) {
            next.run();
        }
    }

    /** Runs the next that is to run soon, or at its time, and nothing of what comes of it. */
    void runOne() {
        Runnable next = soon.poll();
        if (next != null) {
            next.run();
        } else {
            nextTimer().ifPresent(timer -> {
                nowNanos = Math.max(nowNanos, timer.dueNanos);
                timers.remove(timer);
                timer.task.run();
            });
        }
    }

    /** Lets time pass; what falls due runs at its time. */
    void pass(long ms) {
        run();
        long end = nowNanos + ms * 1_000_000L;
        Optional<Timer> next;
        while ((next = nextTimer()).isPresent() && next.get().dueNanos <= end) {
            nowNanos = Math.max(nowNanos, next.get().dueNanos);
            runTimers();
            run();
        }
        nowNanos = end;
    }

    private void runTimers() {
        Optional<Timer> next;
        while ((next = nextTimer()).isPresent() && next.get().dueNanos <= nowNanos) {
            timers.remove(next.get());
            next.get().task.run();
        }
    }

    private Optional<Timer> nextTimer() {
        return timers.stream().min(Comparator.comparingLong((Timer timer) -> timer.dueNanos));
    }

    /** How many timers are set. */
    int timers() {
        return timers.size();
    }

    /** Runs on the caller's thread what is to run soon; timers are this simulation's. */
    Scheduler atOnce() {
        return new Scheduler() {
            @Override
            public void execute(Runnable task) {
                task.run();
            }

            @Override
            public Cancellable schedule(long delayMs, Runnable task) {
                return Simulation.this.schedule(delayMs, task);
            }

            @Override
            public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
                return Simulation.this.scheduleWithFixedDelay(initialDelayMs, delayMs, task);
            }
        };
    }
}
