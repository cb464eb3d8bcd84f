package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every second a look at which logs can still be written; retention for every partition now and then; compaction, and retention with it, more often for those that are compacted.
 *
 * <p>The first round of retention comes one whole interval after the start. Kafka begins 30 s after its own, but it needs
 * seconds to get there; this broker has clients at work by then, and what they have just written with old timestamps would
 * be taken from under them. The interval is fixed at the start, as in Kafka; the compaction's is read before each round.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long LEAST_COMPACTION_MS = 1_000L;
    private static final long HEALTH_MS = 1_000L;

    private final PartitionTable table;
    private final Scheduler scheduler;
    private final ToLongFunction<String> config;
    private final Scheduler.Cancellable retention;
    private final Scheduler.Cancellable health;
    private Scheduler.Cancellable compaction;
    private volatile boolean closed;

    /** @param config the value of a broker's key, as it stands */
    Housekeeping(PartitionTable table, Scheduler scheduler, ToLongFunction<String> config) {
        this.table = table;
        this.scheduler = scheduler;
        this.config = config;
        long retentionMs = config.applyAsLong("log.retention.check.interval.ms");
        this.retention = scheduler.scheduleWithFixedDelay(retentionMs, retentionMs, this::retain);
        this.health = scheduler.scheduleWithFixedDelay(HEALTH_MS, HEALTH_MS, this::checkHealth);
        this.compaction = scheduler.schedule(compactionMs(), this::compact);
    }

    private long compactionMs() {
        return Math.max(LEAST_COMPACTION_MS, config.applyAsLong("log.cleaner.backoff.ms"));
    }

    /** As many at a time as {@code log.cleaner.threads} says; the next round begins when the last of them is done. */
    private void compact() {
        Queue<Partition> waiting = new ConcurrentLinkedQueue<>();
        for (Partition partition : table.all()) {
            if (partition.config().cleanupCompact()) {
                waiting.add(partition);
            }
        }
        int workers = (int) Math.max(1L, Math.min(waiting.size(), config.applyAsLong("log.cleaner.threads")));
        AtomicInteger working = new AtomicInteger(workers);
        for (int i = 1; i < workers; i++) {
            scheduler.execute(() -> compact(waiting, working));
        }
        compact(waiting, working);
    }

    private void compact(Queue<Partition> waiting, AtomicInteger working) {
        try {
            for (Partition next = waiting.poll(); next != null && !closed; next = waiting.poll()) {
                maintain(next);
            }
        } finally {
            if (working.decrementAndGet() == 0) {
                again();
            }
        }
    }

    private synchronized void again() {
        if (!closed) {
            compaction = scheduler.schedule(compactionMs(), this::compact);
        }
    }

    /** What lies on a disk that has failed for one partition is offline for the others, too. */
    private void checkHealth() {
        for (Partition partition : table.all()) {
            partition.checkHealth();
        }
    }

    /** Not of those that are compacted: their retention comes with that, and waits as long as it takes. */
    private void retain() {
        for (Partition partition : table.all()) {
            if (!partition.config().cleanupCompact()) {
                maintain(partition);
            }
        }
    }

    private static void maintain(Partition partition) {
        try {
            partition.maintain();
        } catch (IOException | RuntimeException e) {
            LOG.error("background work on {} failed", partition.id(), e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        retention.cancel();
        health.cancel();
        compaction.cancel();
    }
}
