package io.sluice.broker.kernel;

import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.MigrationStatus;
import io.sluice.broker.kernel.MovePump.Progress;
import io.sluice.broker.kernel.migration.CopyDiffersException;
import io.sluice.broker.kernel.migration.LogCopy;
import io.sluice.broker.kernel.migration.MigrationPhase;
import io.sluice.broker.kernel.migration.MigrationRecord;
import io.sluice.broker.kernel.migration.StateCheck;
import io.sluice.broker.kernel.migration.Throttle;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The move of one partition, a {@linkplain #step step} at a time; {@link MigrationPhase} has its states. The log that serves is the
 * partition's; the other one, the copy, is this object's. Both engines are leased during a step, so that neither is closed in the
 * middle of one; between steps either may be replaced.
 *
 * <p>Steps, commands and the end exclude each other by this object's monitor. {@link StandbyCopy#take} does not wait for it.
 */
final class PartitionMigration implements MovePump.Move, Partition.SecondLog {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionMigration.class);
    private static final int STEP_BYTES = 4 * 1024 * 1024;
    /** A cut-over may begin when no more than this came in during the last step. */
    private static final int CUT_OVER_BYTES = 64 * 1024;

    private static final long NOTE_BYTES = 64L * 1024 * 1024;
    /** Of a compacted topic: what was not noted is not compacted. */
    private static final long NOTE_MS = 5_000L;

    private static final long RETRY_MS = 1_000L;
    private static final int TRIES_MAX = 3;

    private final Partition partition;
    private final MigrationServices services;
    private final Throttle throttle;
    private final CutOver cutOver;
    private final StandbyCopy copy;
    private final Approach approach;
    private volatile MigrationRecord record;
    private volatile String waiting = "";
    private volatile boolean released;
    private long notedBytes;
    private long notedAtMs;
    private int tries;
    private long retryAtMs;
    private boolean dropped;
    private boolean ended;

    PartitionMigration(Partition partition, MigrationRecord record, MigrationServices services, Throttle throttle) {
        this.partition = partition;
        this.record = record;
        this.services = services;
        this.throttle = throttle;
        this.cutOver = new CutOver(partition, services);
        this.copy = new StandbyCopy(partition, services);
        this.approach = new Approach(services.time(), CUT_OVER_BYTES);
        throttle.limit(record.bytesPerSecond());
    }

    @Override
    public TopicIdPartition id() {
        return partition.id();
    }

    MigrationRecord record() {
        return record;
    }

    // ---- commands

    /** Keeps a changed record durably; what it says holds from the next step on. One that has ended stays so. */
    synchronized void change(UnaryOperator<MigrationRecord> change) throws IOException {
        MigrationRecord changed = change.apply(record);
        if (ended || changed.equals(record)) {
            return;
        }
        MigrationPhase before = record.phase();
        keep(changed);
        boolean anew = changed.phase() != before;
        throttle.limit(changed.bytesPerSecond());
        if (anew) {
            tries = 0;
            retryAtMs = 0L;
            dropped = false;
            waiting = "";
        }
    }

    /** What the engine that serves has must not be lost with the machine when the copy goes. */
    void makeDurable() throws IOException {
        PartitionLog log = partition.borrowLog();
        if (log == null) {
            throw new IOException(id().topicPartition() + " is not online; finalise again when it is");
        }
        try {
            log.flush();
        } finally {
            partition.giveBackLog();
        }
    }

    /** The topic's configuration names the target now: the old copy can go. */
    void release() {
        released = true;
    }

    /** The partition is no more: nothing is kept of its move. */
    synchronized void forget() {
        end();
        partition.holdMaintenance();
        try {
            dropCopy();
            services.files().delete(id());
        } catch (IOException e) {
            LOG.error("what is left of the migration of {} could not be removed", id(), e);
        } finally {
            partition.releaseMaintenance();
        }
    }

    private void end() {
        ended = true;
        partition.accompanyBy(null);
    }

    private void keep(MigrationRecord changed) throws IOException {
        cutOver.spoil();
        services.files().write(changed);
        record = changed;
    }

    /** Notes how far the copy is good, for the next start of the broker. */
    synchronized void stop() {
        try {
            if (!ended && record.phase().hasCopy() && copy.log() != null) {
                note();
            }
        } catch (IOException e) {
            LOG.warn("how far {} was copied could not be noted; some is copied again", id(), e);
        }
        end();
    }

    // ---- background work, with the maintenance held

    @Override
    public long compactBelow() {
        MigrationRecord now = record;
        if (!now.phase().hasCopy() || now.verifiedOffset() < 0L && copy.log() == null) {
            return Long.MAX_VALUE;
        }
        long noted = Math.max(0L, now.verifiedOffset());
        return copy.log() == null ? noted : Math.min(noted, copy.progress().verified());
    }

    @Override
    public void maintain() throws IOException {
        PartRole.Lease<StorageEngine> standby = lend(record.standby());
        if (standby == null) {
            return;
        }
        try {
            PartitionLog ours = copy.log();
            if (ours != null && record.phase().hasCopy()) {
                ours.reconfigure(copy.config());
                ours.maintain(ours.logEndOffset());
            }
        } finally {
            standby.release();
        }
    }

    // ---- steps

    @Override
    public synchronized Progress step() {
        if (ended) {
            return Progress.ENDED;
        }
        if (retryAtMs > services.time().milliseconds()) {
            return Progress.IDLE;
        }
        try {
            return switch (record.phase()) {
                case COPYING, FOLLOWING, RETURNING -> record.paused() ? Progress.IDLE : copyStep();
                case FAILED -> {
                    if (!dropped) {
                        dropped = dropHeldCopy();
                    }
                    yield Progress.IDLE;
                }
                case FINALISING -> released ? endIfDropped() : Progress.IDLE;
                case ABORTING -> endIfDropped();
            };
        } catch (IOException | RuntimeException e) {
            failed(e);
            return Progress.IDLE;
        }
    }

    private Progress copyStep() throws IOException {
        PartitionLog known = copy.log();
        if (known != null && record.phase() == MigrationPhase.FOLLOWING && isInStep(known)) {
            noteIfDue();
            return Progress.IDLE;
        }
        PartRole.Lease<StorageEngine> active = lend(record.active());
        if (active == null) {
            return Progress.IDLE;
        }
        try {
            PartRole.Lease<StorageEngine> standby = lend(record.standby());
            if (standby == null) {
                return Progress.IDLE;
            }
            try {
                return partition.tryHoldMaintenance() ? heldStep(active.part(), standby.part()) : Progress.IDLE;
            } finally {
                standby.release();
            }
        } finally {
            active.release();
        }
    }

    private boolean isInStep(PartitionLog ours) {
        return ours.logEndOffset() >= partition.highWatermark() && ours.logStartOffset() >= partition.logStartOffset();
    }

    private PartRole.@Nullable Lease<StorageEngine> lend(String engine) {
        PartRole.Lease<StorageEngine> lease =
                services.engines().host(engine).role().acquire();
        waiting = lease == null ? "it waits for the engine " + engine + ", which is not open" : "";
        return lease;
    }

    private Progress heldStep(StorageEngine active, StorageEngine standby) throws IOException {
        try {
            int room = throttle.allowance(STEP_BYTES);
            if (room == 0) {
                return Progress.IDLE;
            }
            // What comes in during the step is for the next one: a copy that had to have that, too, would be in step by
            // luck alone.
            long target = partition.highWatermark();
            int bytes = copyOn(standby, target, room);
            if (bytes < 0) {
                return Progress.IDLE;
            }
            throttle.copied(bytes);
            tries = 0;
            PartitionLog ours = copy.log();
            if (ours == null || !copy.progress().isInStep(ours, target)) {
                return Progress.BUSY;
            }
            if (!cutOver.isPrepared()) {
                noteIfDue();
            }
            if (!record.phase().wantsCutOver()) {
                return bytes > 0 ? Progress.BUSY : Progress.IDLE;
            }
            return approach(ours, bytes, active.isDurable() && standby.isDurable());
        } finally {
            partition.releaseMaintenance();
        }
    }

    /** @return the bytes that were copied; -1 when there is nothing to copy from */
    private int copyOn(StorageEngine standby, long target, int room) throws IOException {
        PartitionLog log = partition.borrowLog();
        if (log == null) {
            waiting = "the partition is not online";
            return -1;
        }
        try {
            PartitionLog ours = copy.log();
            if (ours == null) {
                ours = copy.open(record.standby(), standby, log, record.verifiedOffset());
                if (copy.progress().verified() < record.verifiedOffset()) {
                    note();
                }
            }
            int bytes = copy.progress().copyOn(log, ours, target, room);
            if (record.phase().wantsCutOver() && copy.progress().isInStep(ours, target) && !approach.hasBegun()) {
                PartitionLog current = ours;
                copy.progress().check(() -> StateCheck.whileGrowing(log, current));
            }
            return bytes;
        } finally {
            partition.giveBackLog();
        }
    }

    /** What was copied is made durable first, then the rest is small, then it takes over. */
    private Progress approach(PartitionLog ours, int bytes, boolean durable) throws IOException {
        if (!approach.hasBegun()) {
            if (durable) {
                ours.flush();
            }
            note();
            approach.begin();
            return Progress.BUSY;
        }
        if (!approach.isOver(bytes)) {
            return Progress.BUSY;
        }
        if (!cutOver.isPrepared()) {
            MigrationPhase next =
                    record.phase() == MigrationPhase.COPYING ? MigrationPhase.FOLLOWING : MigrationPhase.ABORTING;
            cutOver.prepare(
                    record.in(next).verifiedTo(copy.progress().verified()).because(""));
        }
        if (!cutOver.isReady()) {
            return Progress.IDLE;
        }
        approach.end();
        cutOver.run(copy, ours, this);
        return Progress.BUSY;
    }

    /** The cut-over is done: the log that served until now is the copy. */
    void swapped(MigrationRecord now, PartitionLog old) {
        record = now;
        copy.exchange(old);
        notedBytes = 0L;
    }

    private void noteIfDue() throws IOException {
        boolean compacted = partition.config().cleanupCompact();
        if (copy.progress().copiedBytes() - notedBytes >= NOTE_BYTES
                || compacted && services.time().milliseconds() - notedAtMs >= NOTE_MS) {
            note();
        }
    }

    private void note() throws IOException {
        notedBytes = copy.progress().copiedBytes();
        notedAtMs = services.time().milliseconds();
        if (copy.progress().verified() != record.verifiedOffset()) {
            keep(record.verifiedTo(copy.progress().verified()));
        }
    }

    // ---- the end, and failures

    private Progress endIfDropped() throws IOException {
        if (!dropHeldCopy()) {
            return Progress.IDLE;
        }
        services.files().delete(id());
        end();
        LOG.info("{} is on the engine {}; the copy of {} is gone", id(), record.active(), record.standby());
        return Progress.ENDED;
    }

    /** The same while no background work is at the copy; false while some is. */
    private boolean dropHeldCopy() throws IOException {
        if (!partition.tryHoldMaintenance()) {
            return false;
        }
        try {
            return dropCopy();
        } finally {
            partition.releaseMaintenance();
        }
    }

    /** Closes and deletes the copy; false while its engine is not open. */
    private boolean dropCopy() throws IOException {
        PartRole.Lease<StorageEngine> lease = lend(record.standby());
        if (lease == null) {
            return false;
        }
        try {
            copy.drop(record.standby(), lease.part());
            return true;
        } finally {
            lease.release();
        }
    }

    private void failed(Exception e) {
        if (partition.isGone()) {
            return;
        }
        LOG.warn("{}: a step of its migration to {} failed", id(), record.target(), e);
        String why = e.getMessage() == null ? e.toString() : e.getMessage();
        waiting = why;
        approach.end();
        cutOver.spoil();
        retryAtMs = services.time().milliseconds() + RETRY_MS;
        boolean differs = e instanceof CopyDiffersException;
        if (!differs && ++tries < TRIES_MAX) {
            copy.close(record.standby());
            return;
        }
        copy.close(record.standby());
        copy.distrust();
        tries = 0;
        try {
            if (record.phase() == MigrationPhase.COPYING) {
                change(now -> now.verifiedTo(-1L).in(MigrationPhase.FAILED).because(why));
            } else if (record.phase().hasCopy()) {
                change(now -> now.verifiedTo(-1L).because(why));
                retryAtMs = services.time().milliseconds() + RETRY_MS;
            }
        } catch (IOException again) {
            LOG.error("the failure of the migration of {} could not be noted", id(), again);
        }
    }

    MigrationStatus status() {
        MigrationRecord now = record;
        PartitionLog ours = copy.log();
        PartitionLog log = partition.borrowLog();
        long start = -1L;
        long end = -1L;
        if (log != null) {
            start = log.logStartOffset();
            end = log.logEndOffset();
            partition.giveBackLog();
        }
        LogCopy copying = copy.progress();
        return new MigrationStatus(
                now.partition(),
                now.source(),
                now.target(),
                now.active(),
                now.phase().label(),
                now.paused(),
                now.bytesPerSecond(),
                start,
                end,
                ours == null ? -1L : ours.logEndOffset(),
                Math.max(now.verifiedOffset(), copying.verified()),
                copying.copiedBytes(),
                cutOver.count(),
                cutOver.longestNanos() / 1_000_000.0,
                now.problem().isEmpty() ? waiting : now.problem());
    }
}
