package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.LeaderEpoch;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.EpochEndOutcome;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.PartitionStanding;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.storage.api.Durability;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.Maintenance;
import io.sluice.storage.api.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition that this broker holds: its log and its replication, as these come and go with the parts that make them and
 * with the metadata. {@link PartitionAppends} writes, {@link PartitionReads} reads, {@link PartitionState} is what both
 * see.
 */
final class Partition {
    /** How long what came while a part was absent waits before it gets the error that makes a client try again. */
    static final long PARKED_MS = 5_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private final TopicIdPartition id;
    private final KernelServices services;
    private final PartitionState state;
    private final FetchWaiters fetchWaiters = new FetchWaiters();
    private final PartitionAppends appends;
    private final PartitionReads reads;
    private final PartitionUpkeep upkeep;
    /** Held while the log is compacted or cut from below by its engine, and while it is copied. */
    private final ReentrantLock maintenance = new ReentrantLock(true);

    private volatile String engine;
    private volatile @Nullable SecondLog second;

    /** A copy of the log, which another engine keeps while the partition moves. It is called with the maintenance held. */
    interface SecondLog {
        /** What lies at or above it must not be compacted in the log that serves: the copy may not have seen all of it. */
        long compactBelow();

        /** Background work on the copy. */
        void maintain() throws IOException;
    }

    Partition(
            TopicIdPartition id,
            String engine,
            LogConfig config,
            LeaderState leaderState,
            boolean leading,
            KernelServices services) {
        this.id = id;
        this.engine = engine;
        this.services = services;
        this.state = new PartitionState(id, config, leaderState, leading, services.time());
        this.appends = new PartitionAppends(id, state, services, fetchWaiters, this::fail);
        this.reads = new PartitionReads(id, state, services);
        this.upkeep = new PartitionUpkeep(this, state);
    }

    TopicIdPartition id() {
        return id;
    }

    String engine() {
        return engine;
    }

    LogConfig config() {
        return state.config();
    }

    boolean hasLog() {
        return state.log() != null;
    }

    int leaderEpoch() {
        return state.leaderState().leaderEpoch();
    }

    boolean isLeading() {
        return state.isLeading();
    }

    long highWatermark() {
        return state.highWatermark();
    }

    /** Up to where a reader may read now: the high watermark, or the last stable offset (KIP-98). */
    long readableEnd(boolean committedOnly) {
        return reads.readableEnd(committedOnly);
    }

    /** Where the log began when it was last looked at. */
    long logStartOffset() {
        return state.logStartOffset();
    }

    /** All that was ever appended here, for comparison. */
    long appendedBytes() {
        return state.appendedBytes();
    }

    /** Whether there are records that nobody may read yet. */
    boolean hasUncommitted() {
        PartitionLog log = state.log();
        return log != null && log.logEndOffset() > state.highWatermark();
    }

    PartitionUpkeep upkeep() {
        return upkeep;
    }

    FetchWaiters fetchWaiters() {
        return fetchWaiters;
    }

    // ---- the parts come and go

    /** The log was opened; what waited is done now, in order. What must be safe before it is read is made safe first. */
    void attachLog(PartitionLog opened) throws IOException {
        if (opened.config().durability() == Durability.GROUP && opened.flushedOffset() < opened.logEndOffset()) {
            opened.flush();
        }
        state.opened(opened);
        appends.opened(opened);
        replicateOnceOpen();
        resumeWork();
    }

    /** The replication strategy takes the partition up now, or when there is one. */
    void replicateOnceOpen() {
        services.replicationRole().whenOpen(() -> services.replication().lead(this));
    }

    /** The log could not be opened: the partition is offline until the engine is opened again. */
    void markOffline(String reason) {
        LOG.error("partition {} is offline: {}", id, reason);
        state.offline(reason);
        appends.failQueued(ErrorCode.KAFKA_STORAGE_ERROR, reason);
        fetchWaiters.fireAll();
    }

    /** The log cannot be written any more: the partition is offline until its engine is opened again. Blocks; not for a writer. */
    private void fail(PartitionLog log, String reason) {
        if (state.log() != log) {
            return;
        }
        markOffline(reason);
        appends.failUncommitted(ErrorCode.KAFKA_STORAGE_ERROR);
        detachReplication();
        PartitionLog taken = detachLog();
        if (taken != null) {
            try {
                taken.close();
            } catch (IOException | RuntimeException e) {
                LOG.warn("the log of {} did not close cleanly after it failed", id, e);
            }
        }
        fetchWaiters.fireAll();
    }

    /** Takes the partition offline if its log cannot be written any more. Blocks. */
    void checkHealth() {
        PartitionLog log = state.log();
        String failure = log == null ? null : log.failure();
        if (log != null && failure != null) {
            fail(log, failure);
        }
    }

    /** Takes the log away from writers and readers, waiting for those that are at it. Returns it, for closing. */
    @Nullable
    PartitionLog detachLog() {
        return state.detachLog();
    }

    /** The replication strategy was opened, or the leadership changed. */
    void attachReplication(ReplicationStrategy strategy) {
        if (!state.takeWritingToLead()) {
            return;
        }
        try {
            PartitionLog log = state.log();
            if (log != null) {
                LeaderState leaderState = state.leaderState();
                log.becomeLeader(leaderState.leaderEpoch());
                PartitionReplication opened = strategy.lead(
                        id, leaderState, appends.committableEnd(log), state.highWatermark(), appends::committed);
                state.replicatedBy(opened);
                appends.committed(opened.highWatermark());
            }
        } catch (IOException e) {
            LOG.error("partition {} cannot be led", id, e);
            markOffline("its log could not take note of the leadership: " + e.getMessage());
        } finally {
            state.endWriting();
        }
        resumeWork();
    }

    /** The replication strategy is being replaced. */
    void detachReplication() {
        PartitionReplication taken = state.detachReplication();
        if (taken != null) {
            taken.close();
        }
    }

    /** Those who wait look again. */
    void resumeWork() {
        fetchWaiters.fireAll();
        services.scheduler().execute(appends::drain);
    }

    /** The metadata changed the partition's record. */
    void updateLeadership(LeaderState changed, boolean leadingNow) {
        boolean epochRose = changed.leaderEpoch() != leaderEpoch();
        PartitionReplication now = state.lead(changed, leadingNow);
        if (epochRose || !leadingNow) {
            detachReplication();
            if (leadingNow) {
                replicateOnceOpen();
            } else {
                appends.failQueued(ErrorCode.NOT_LEADER_OR_FOLLOWER, null);
                appends.failUncommitted(ErrorCode.NOT_LEADER_OR_FOLLOWER);
            }
            fetchWaiters.fireAll();
        } else if (now != null) {
            now.updated(changed);
        }
    }

    void reconfigure(LogConfig changed) {
        state.configure(changed);
    }

    /** The topic was deleted: everybody who waits is told, and the log is taken away. */
    @Nullable
    PartitionLog leave() {
        state.leave();
        detachReplication();
        appends.failQueued(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null);
        appends.failUncommitted(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        PartitionLog taken = detachLog();
        fetchWaiters.fireAll();
        return taken;
    }

    // ---- what clients do with it

    /** Appends now or queues a copy. The work's ticket is completed in the call, or later. */
    void append(AppendWork work) {
        appends.append(work);
    }

    FetchOutcome fetch(FetchPosition position, int maxBytes, boolean minOneBatch) {
        return reads.fetch(position, maxBytes, minOneBatch, true);
    }

    /** The same without waiting for a disk. */
    FetchOutcome fetchWarm(FetchPosition position, int maxBytes, boolean minOneBatch) {
        return reads.fetch(position, maxBytes, minOneBatch, false);
    }

    /** See {@link PartitionReads#warm}. */
    boolean warm(long offset, int maxBytes) throws IOException {
        return reads.warm(offset, maxBytes);
    }

    /** Asks the log; blocks while it is absent because its engine is being replaced, {@link #PARKED_MS} at most. */
    <T> PartitionReads.Answer<T> ask(int currentLeaderEpoch, PartitionReads.Question<T> question) {
        return reads.ask(currentLeaderEpoch, question);
    }

    /** See {@link PartitionReads#transactionGuard}. */
    long transactionGuard(PartitionReads.Guarding guarding) {
        return reads.transactionGuard(guarding);
    }

    EpochEndOutcome endOffsetFor(int currentLeaderEpoch, int epoch) {
        return reads.endOffsetFor(currentLeaderEpoch, epoch);
    }

    /** Raises the log's start, as the one writer. The answer is -1 when the offset is not one of the log's. */
    PartitionReads.Answer<Long> deleteRecords(long offset) {
        return reads.ask(LeaderEpoch.NONE, (log, end) -> {
            long target = offset == -1L ? end : offset;
            if (target > end || target < 0) {
                return -1L;
            }
            state.takeWriting();
            try {
                log.advanceLogStart(target);
                state.startsAt(log.logStartOffset());
                return log.logStartOffset();
            } finally {
                state.endWriting();
                services.scheduler().execute(appends::drain);
            }
        });
    }

    /** Retention, compaction and the like. */
    Maintenance maintain() throws IOException {
        maintenance.lock();
        try {
            SecondLog copy = second;
            Maintenance done = maintainNow(copy == null ? Long.MAX_VALUE : copy.compactBelow());
            if (copy != null) {
                copy.maintain();
            }
            services.sabotage().leakHandles(Path.of("/dev/null"));
            return done;
        } finally {
            maintenance.unlock();
        }
    }

    private Maintenance maintainNow(long compactBelow) throws IOException {
        PartitionLog log = state.borrow();
        if (log == null) {
            return Maintenance.NONE;
        }
        try {
            return log.maintain(state.highWatermark(), compactBelow);
        } finally {
            state.startsAt(log.logStartOffset());
            state.giveBack();
        }
    }

    /** Work during which the log must not be compacted. */
    interface Undisturbed {
        int run() throws IOException;
    }

    int undisturbed(Undisturbed work) throws IOException {
        maintenance.lock();
        try {
            return work.run();
        } finally {
            maintenance.unlock();
        }
    }

    // ---- its log is copied, and moves to another engine

    /** From now on there is this copy; null for none. */
    void accompanyBy(@Nullable SecondLog copy) {
        second = copy;
    }

    /** Keeps background work away from the log and its copy; false while some is at it. */
    boolean tryHoldMaintenance() {
        return maintenance.tryLock();
    }

    /** The same; waits for what is at it. */
    void holdMaintenance() {
        maintenance.lock();
    }

    void releaseMaintenance() {
        maintenance.unlock();
    }

    /** The log, which stays open until {@link #giveBackLog}; null while there is none. */
    @Nullable
    PartitionLog borrowLog() {
        return state.borrow();
    }

    void giveBackLog() {
        state.giveBack();
    }

    boolean isGone() {
        return state.isGone();
    }

    /** Its log, which is attached next, is another engine's. */
    void movedTo(String other) {
        engine = other;
    }

    // ---- space

    boolean isOn(LogVolume volume) {
        return appends.volume() == volume;
    }

    /** What the log takes of a volume. */
    long bytesOn(LogVolume volume) {
        PartitionLog log = isOn(volume) ? state.borrow() : null;
        if (log == null) {
            return 0L;
        }
        try {
            return log.sizeInBytes();
        } finally {
            state.giveBack();
        }
    }

    /** See {@link PartitionLog#hurry}. */
    void hurry(boolean spaceIsShort) {
        PartitionLog log = state.borrow();
        if (log != null) {
            try {
                log.hurry(spaceIsShort);
            } finally {
                state.giveBack();
            }
        }
    }

    PartitionStatus status() {
        PartitionLog log = state.borrow();
        if (log == null) {
            String why = state.offlineReason();
            PartitionStanding standing = why == null ? PartitionStanding.PARKED : PartitionStanding.OFFLINE;
            String reason = why == null ? "its storage engine " + engine + " is not open" : why;
            long end = state.highWatermark();
            return new PartitionStatus(
                    id, engine, standing, reason, leaderEpoch(), state.logStartOffset(), end, end, 0L, null);
        }
        try {
            boolean whole = state.replication() != null;
            List<LogDamage> damage = log.damage();
            LogVolume volume = appends.volume();
            String full = volume == null || id.topic().startsWith("__") ? null : volume.full();
            PartitionStanding sound = full == null ? PartitionStanding.ONLINE : PartitionStanding.READ_ONLY;
            PartitionStanding standing =
                    !whole ? PartitionStanding.PARKED : damage.isEmpty() ? sound : PartitionStanding.DAMAGED;
            String reason = !whole
                    ? "its replication strategy is not open"
                    : damage.isEmpty() ? full : PartitionUpkeep.describe(damage);
            return new PartitionStatus(
                    id,
                    engine,
                    standing,
                    reason,
                    leaderEpoch(),
                    log.logStartOffset(),
                    state.highWatermark(),
                    log.logEndOffset(),
                    log.sizeInBytes(),
                    log.directory().orElse(null));
        } finally {
            state.giveBack();
        }
    }
}
