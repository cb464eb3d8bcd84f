package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import java.io.IOException;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retention for every partition now and then, and more often for those that are compacted.
 *
 * <p>The first round of retention comes one whole interval after the start. Kafka begins 30 s after its own, but it needs
 * seconds to get there; this broker has clients at work by then, and what they have just written with old timestamps would
 * be taken from under them. The interval is fixed at the start, as in Kafka; the compaction's is read before each round.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long LEAST_COMPACTION_MS = 1_000L;

    private final PartitionTable table;
    private final Scheduler scheduler;
    private final ToLongFunction<String> config;
    private final Scheduler.Cancellable retention;
    private Scheduler.Cancellable compaction;
    private boolean closed;

    /** @param config the value of a broker's key, as it stands */
    Housekeeping(PartitionTable table, Scheduler scheduler, ToLongFunction<String> config) {
        this.table = table;
        this.scheduler = scheduler;
        this.config = config;
        long retentionMs = config.applyAsLong("log.retention.check.interval.ms");
        this.retention = scheduler.scheduleWithFixedDelay(retentionMs, retentionMs, () -> round(false));
        this.compaction = scheduler.schedule(compactionMs(), this::compact);
    }

    private long compactionMs() {
        return Math.max(LEAST_COMPACTION_MS, config.applyAsLong("log.cleaner.backoff.ms"));
    }

    private void compact() {
        round(true);
        synchronized (this) {
            if (!closed) {
                compaction = scheduler.schedule(compactionMs(), this::compact);
            }
        }
    }

    private void round(boolean compactedOnly) {
        for (Partition partition : table.all()) {
            if (compactedOnly && !partition.config().cleanupCompact()) {
                continue;
            }
            try {
                partition.maintain();
            } catch (IOException | RuntimeException e) {
                LOG.error("background work on {} failed", partition.id(), e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        retention.cancel();
        compaction.cancel();
    }
}
