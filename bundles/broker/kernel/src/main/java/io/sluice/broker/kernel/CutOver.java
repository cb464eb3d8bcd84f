package io.sluice.broker.kernel;

import io.sluice.broker.kernel.migration.CopyDiffersException;
import io.sluice.broker.kernel.migration.LogCopy;
import io.sluice.broker.kernel.migration.MigrationPhase;
import io.sluice.broker.kernel.migration.MigrationRecord;
import io.sluice.broker.kernel.migration.StateCheck;
import io.sluice.storage.api.Durability;
import io.sluice.storage.api.PartitionLog;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a partition's copy take over. While it runs the partition has no log, as while its engine is replaced: appends wait in their
 * queue, readers get nothing. The rest is copied and compared, a new leader epoch begins, the migration's file is renamed, and the copy
 * serves. The rename is the one moment that decides: before it every failure and every crash leaves the old log in its place.
 *
 * <p>For one thread, which holds leases of both engines and the partition's maintenance.
 */
final class CutOver {
    private static final Logger LOG = LoggerFactory.getLogger(CutOver.class);
    private static final long EPOCH_MS = 3_000L;

    private final Partition partition;
    private final MigrationServices services;
    private volatile int count;
    private volatile long longestNanos;

    CutOver(Partition partition, MigrationServices services) {
        this.partition = partition;
        this.services = services;
    }

    int count() {
        return count;
    }

    long longestNanos() {
        return longestNanos;
    }

    /**
     * @param next the phase that follows
     * @throws IOException when the old log serves on
     */
    void run(MigrationRecord record, MigrationPhase next, LogCopy copy, PartitionLog copyLog, PartitionMigration owner)
            throws IOException {
        String from = record.active();
        String to = record.standby();
        long began = services.time().nanoseconds();
        PartitionLog old = partition.detachLog();
        if (old == null) {
            throw new IOException("the partition is not online");
        }
        MigrationRecord now;
        try {
            CompletableFuture<Integer> epoch = services.metadata().bumpLeaderEpoch(partition.id());
            copyRest(copy, old, copyLog);
            now = record.in(next).verifiedTo(copyLog.logEndOffset()).because("");
            services.files().prepare(now);
            await(epoch);
            if (partition.isGone()) {
                throw new IOException("the partition is being deleted");
            }
            services.files().commit(partition.id());
        } catch (IOException | RuntimeException e) {
            attach(old);
            throw e;
        }
        partition.movedTo(to);
        services.engines().host(to).promote(owner, partition);
        services.engines().host(from).demote(partition, owner);
        owner.swapped(now, old);
        attach(copyLog);
        long nanos = services.time().nanoseconds() - began;
        count++;
        longestNanos = Math.max(longestNanos, nanos);
        LOG.info(
                "{} is served by the engine {} from the offset {} on; nobody could write for {} ms",
                partition.id(),
                to,
                copyLog.logEndOffset(),
                nanos / 1_000_000.0);
    }

    private static void copyRest(LogCopy copy, PartitionLog old, PartitionLog copyLog) throws IOException {
        long end = old.logEndOffset();
        while (!copy.isInStep(copyLog, end)) {
            if (copy.copyOn(old, copyLog, end, Integer.MAX_VALUE) == 0 && !copy.isInStep(copyLog, end)) {
                throw new CopyDiffersException("the copy ends at " + copyLog.logEndOffset() + ", the log at " + end);
            }
        }
        copy.copyOn(old, copyLog, end, Integer.MAX_VALUE); // the start may have moved
        copy.check(() -> StateCheck.whileStill(old, copyLog));
        copyLog.adoptState(old);
        copyLog.reconfigure(old.config());
        if (old.config().durability() == Durability.GROUP) {
            copyLog.flush();
        }
    }

    private static void await(CompletableFuture<Integer> epoch) throws IOException {
        try {
            if (epoch.get(EPOCH_MS, TimeUnit.MILLISECONDS) < 0) {
                throw new IOException("this broker does not lead the partition");
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no new leader epoch could be had: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a new leader epoch was awaited", e);
        }
    }

    private void attach(PartitionLog log) {
        try {
            partition.attachLog(log);
        } catch (IOException | RuntimeException e) {
            if (!partition.isGone()) {
                LOG.error("the log of {} cannot serve", partition.id(), e);
                partition.markOffline("its log could not be taken into use: " + e.getMessage());
            }
            try {
                log.close();
            } catch (IOException | RuntimeException again) {
                LOG.warn("the log of {} did not close cleanly", partition.id(), again);
            }
        }
    }
}
