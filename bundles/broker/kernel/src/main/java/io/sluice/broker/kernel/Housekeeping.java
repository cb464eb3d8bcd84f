package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import java.io.IOException;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Retention for every partition now and then, and more often for those that are compacted. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    private final PartitionTable table;
    private final Scheduler.Cancellable retention;
    private final Scheduler.Cancellable compaction;

    /** @param config the value of a broker's key */
    Housekeeping(PartitionTable table, Scheduler scheduler, ToLongFunction<String> config) {
        this.table = table;
        long retentionMs = config.applyAsLong("log.retention.check.interval.ms");
        long compactionMs = config.applyAsLong("log.cleaner.backoff.ms");
        this.retention =
                scheduler.scheduleWithFixedDelay(Math.min(30_000L, retentionMs), retentionMs, () -> round(false));
        this.compaction =
                scheduler.scheduleWithFixedDelay(compactionMs, Math.max(1_000L, compactionMs), () -> round(true));
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
    public void close() {
        retention.cancel();
        compaction.cancel();
    }
}
