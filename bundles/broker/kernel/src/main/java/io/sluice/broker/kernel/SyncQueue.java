package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.TopicPartition;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The fsyncs that appends wait for, of all partitions, on a few of the scheduler's threads at a time. A partition is in the queue once at
 * most, so it is as long as there are partitions, and none waits for the same one twice.
 */
final class SyncQueue {
    private final Scheduler scheduler;
    private final int atATime;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private int running;
    private final SyncCounters counters = new SyncCounters();
    private volatile @Nullable SyncTrace trace;

    SyncQueue(Scheduler scheduler, int atATime) {
        this.scheduler = scheduler;
        this.atATime = atATime;
    }

    SyncCounters counters() {
        return counters;
    }

    /** From now on every sync is noted. */
    void traceTo(SyncTrace noted) {
        trace = noted;
    }

    /** A log was made safe up to this offset. */
    void synced(TopicPartition partition, long offset) {
        SyncTrace noted = trace;
        if (noted != null) {
            noted.synced(partition, offset);
        }
    }

    void later(long delayMs, Runnable task) {
        scheduler.schedule(delayMs, task);
    }

    void add(Runnable sync) {
        synchronized (waiting) {
            waiting.add(sync);
            if (running >= atATime) {
                return;
            }
            running++;
        }
        scheduler.execute(this::run);
    }

    private void run() {
        while (true) {
            Runnable next;
            synchronized (waiting) {
                next = waiting.poll();
                if (next == null) {
                    running--;
                    return;
                }
            }
            next.run();
        }
    }
}
