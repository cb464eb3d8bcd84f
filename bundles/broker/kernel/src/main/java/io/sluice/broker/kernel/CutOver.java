package io.sluice.broker.kernel;

import io.sluice.broker.kernel.migration.CopyDiffersException;
import io.sluice.broker.kernel.migration.LogCopy;
import io.sluice.broker.kernel.migration.MigrationRecord;
import io.sluice.broker.kernel.migration.StateCheck;
import io.sluice.storage.api.Durability;
import io.sluice.storage.api.PartitionLog;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a partition's copy take over. What waits for a disk comes first, while the old log still serves: the migration's file is
 * written beside the one that holds, and a new leader epoch begins. Then the partition has no log for a moment, as while its engine is
 * replaced: appends wait in their queue, readers get nothing. The rest is copied and compared, the file is renamed, and the copy serves.
 * The rename is the one moment that decides: before it every failure and every crash leaves the old log in its place.
 *
 * <p>For one thread at a time; {@link #run} needs leases of both engines and the partition's maintenance.
 */
final class CutOver {
    private static final Logger LOG = LoggerFactory.getLogger(CutOver.class);
    private static final long EPOCH_NANOS = 5_000_000_000L;

    private final Partition partition;
    private final MigrationServices services;
    private @Nullable MigrationRecord prepared;
    private @Nullable CompletableFuture<Integer> epoch;
    private long preparedNanos;
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

    boolean isPrepared() {
        return prepared != null;
    }

    /** @param next what holds from the cut-over on; its verified offset may be low */
    void prepare(MigrationRecord next) throws IOException {
        services.files().prepare(next);
        epoch = services.metadata().bumpLeaderEpoch(partition.id());
        preparedNanos = services.time().nanoseconds();
        prepared = next;
    }

    /** What was prepared holds no longer. */
    void spoil() {
        prepared = null;
        epoch = null;
    }

    /**
     * Whether the new leader epoch has begun here.
     *
     * @throws IOException when there will be none
     */
    boolean isReady() throws IOException {
        CompletableFuture<Integer> asked = epoch;
        if (asked == null) {
            return false;
        }
        if (!asked.isDone()) {
            if (services.time().nanoseconds() - preparedNanos > EPOCH_NANOS) {
                throw new IOException("no new leader epoch could be had in time");
            }
            return false;
        }
        int begun;
        try {
            begun = asked.join();
        } catch (CancellationException | CompletionException e) {
            throw new IOException("no new leader epoch could be had: " + e, e);
        }
        if (begun < 0) {
            throw new IOException("this broker does not lead the partition");
        }
        return partition.leaderEpoch() >= begun;
    }

    /**
     * After {@link #isReady}.
     *
     * @throws IOException when the old log serves on
     */
    void run(StandbyCopy copy, PartitionLog copyLog, PartitionMigration owner) throws IOException {
        MigrationRecord now = Objects.requireNonNull(prepared);
        String from = now.standby();
        String to = now.active();
        boolean synced = partition.config().durability() == Durability.GROUP;
        if (synced) {
            copyLog.flush(); // so that little is left to be synced while nobody can write
        }
        long began = services.time().nanoseconds();
        PartitionLog old = partition.detachLog();
        if (old == null) {
            throw new IOException("the partition is not online");
        }
        long detached = services.time().nanoseconds();
        long copied;
        try {
            copyRest(copy.progress(), old, copyLog);
            if (partition.isGone()) {
                throw new IOException("the partition is being deleted");
            }
            copied = services.time().nanoseconds();
            services.files().commit(partition.id());
            if (synced) {
                services.files().syncNames();
            }
        } catch (IOException | RuntimeException e) {
            attach(old);
            throw e;
        }
        spoil();
        partition.movedTo(to);
        services.engines().host(to).promote(copy, partition);
        services.engines().host(from).demote(partition, copy);
        owner.swapped(now, old);
        long decided = services.time().nanoseconds();
        attach(copyLog);
        long nanos = services.time().nanoseconds() - began;
        count++;
        longestNanos = Math.max(longestNanos, nanos);
        LOG.info(
                "{} is served by the engine {} from the offset {} on; nobody could write for {} ms (until readers and writers had left {},"
                        + " copied and compared {}, decided {})",
                partition.id(),
                to,
                copyLog.logEndOffset(),
                ms(nanos),
                ms(detached - began),
                ms(copied - detached),
                ms(decided - copied));
        if (!synced) {
            services.files().syncNames();
        }
    }

    private static double ms(long nanos) {
        return nanos / 1_000 / 1_000.0;
    }

    /** Makes a copy what its log is, which nobody writes to any more. */
    static void copyRest(LogCopy copy, PartitionLog old, PartitionLog copyLog) throws IOException {
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
