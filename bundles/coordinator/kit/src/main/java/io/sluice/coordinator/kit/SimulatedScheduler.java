package io.sluice.coordinator.kit;

import io.sluice.base.RandomSource;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One thread, one clock: nothing runs and no time passes but in the calls of a test. Of the tasks that are due, one is chosen by the seed, so that
 * orders which threads could bring about come up.
 */
public final class SimulatedScheduler implements Scheduler, Time {
    private static final long START_MS = 1_700_000_000_000L;
    private static final long NANOS = 1_000_000L;

    private final RandomSource random;
    private final List<Runnable> due = new ArrayList<>();
    private final PriorityQueue<Timed> timed = new PriorityQueue<>();
    private Runnable afterEach = () -> {};
    private long nowMs = START_MS;
    private long order;

    private record Timed(long atMs, long order, Runnable task, boolean[] cancelled) implements Comparable<Timed> {
        @Override
        public int compareTo(Timed other) {
            int byTime = Long.compare(atMs, other.atMs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    public SimulatedScheduler(RandomSource random) {
        this.random = random;
    }

    /** What is to be checked after each task. */
    public void afterEach(Runnable check) {
        this.afterEach = check;
    }

    @Override
    public void execute(Runnable task) {
        due.add(task);
    }

    @Override
    public Cancellable schedule(long delayMs, Runnable task) {
        Timed entry = new Timed(nowMs + Math.max(0L, delayMs), order++, task, new boolean[1]);
        timed.add(entry);
        return () -> entry.cancelled()[0] = true;
    }

    @Override
    public Cancellable scheduleWithFixedDelay(long initialDelayMs, long delayMs, Runnable task) {
        boolean[] cancelled = new boolean[1];
        schedule(initialDelayMs, () -> repeat(delayMs, task, cancelled));
        return () -> cancelled[0] = true;
    }

    private void repeat(long delayMs, Runnable task, boolean[] cancelled) {
        if (!cancelled[0]) {
            task.run();
            schedule(delayMs, () -> repeat(delayMs, task, cancelled));
        }
    }

    @Override
    public long milliseconds() {
        return nowMs;
    }

    @Override
    public long nanoseconds() {
        return (nowMs - START_MS) * NANOS;
    }

    /** Runs one task that is due now; false when there is none. */
    public boolean step() {
        releaseTimers();
        if (due.isEmpty()) {
            return false;
        }
        due.remove(random.nextInt(due.size())).run();
        afterEach.run();
        return true;
    }

    /** Runs all that is due now, and what comes of it. */
    public void runUntilIdle() {
        while (step()) {
            // until nothing is due
        }
    }

    /** Lets time pass and runs what falls due on the way, each at its time. */
    public void advance(long ms) {
        long end = nowMs + ms;
        runUntilIdle();
        Timed next;
        while ((next = nextTimer()) != null && next.atMs() <= end) {
            nowMs = Math.max(nowMs, next.atMs());
            runUntilIdle();
        }
        nowMs = end;
        runUntilIdle();
    }

    /** True when nothing is due now. */
    public boolean isIdle() {
        releaseTimers();
        return due.isEmpty();
    }

    /** How many timers are set. */
    public int timerCount() {
        timed.removeIf(timer -> timer.cancelled()[0]);
        return timed.size();
    }

    private @Nullable Timed nextTimer() {
        while (!timed.isEmpty() && timed.peek().cancelled()[0]) {
            timed.poll();
        }
        return timed.peek();
    }

    private void releaseTimers() {
        Timed next;
        while ((next = nextTimer()) != null && next.atMs() <= nowMs) {
            timed.poll();
            due.add(next.task());
        }
    }
}
