package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.LeaderEpoch;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.EpochEndOutcome;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.Maintenance;
import io.sluice.storage.api.PartitionLog;
import java.io.IOException;
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
    private final String engine;
    private final KernelServices services;
    private final PartitionState state;
    private final FetchWaiters fetchWaiters = new FetchWaiters();
    private final PartitionAppends appends;
    private final PartitionReads reads;

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
        this.appends = new PartitionAppends(id, state, services, fetchWaiters);
        this.reads = new PartitionReads(id, state, services);
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

    FetchWaiters fetchWaiters() {
        return fetchWaiters;
    }

    // ---- the parts come and go

    /** The log was opened; what waited is done now, in order. */
    void attachLog(PartitionLog opened) {
        state.opened(opened);
        services.replicationRole().whenOpen(() -> services.replication().lead(this));
        resumeWork();
    }

    /** The log could not be opened: the partition is offline until the engine is opened again. */
    void markOffline(String reason) {
        LOG.error("partition {} is offline: {}", id, reason);
        state.offline(reason);
        appends.failQueued(ErrorCode.KAFKA_STORAGE_ERROR, reason);
        fetchWaiters.fireAll();
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
                PartitionReplication opened =
                        strategy.lead(id, leaderState, log.logEndOffset(), state.highWatermark(), appends::committed);
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

    private void resumeWork() {
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
                services.replicationRole().whenOpen(() -> services.replication().lead(this));
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
        return reads.fetch(position, maxBytes, minOneBatch);
    }

    /** Asks the log; blocks while it is absent because its engine is being replaced, {@link #PARKED_MS} at most. */
    <T> PartitionReads.Answer<T> ask(int currentLeaderEpoch, PartitionReads.Question<T> question) {
        return reads.ask(currentLeaderEpoch, question);
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
        PartitionLog log = state.borrow();
        if (log == null) {
            return Maintenance.NONE;
        }
        try {
            return log.maintain(state.highWatermark());
        } finally {
            state.startsAt(log.logStartOffset());
            state.giveBack();
        }
    }

    PartitionStatus status() {
        PartitionLog log = state.borrow();
        if (log == null) {
            String why = state.offlineReason();
            String standing = why == null ? "Parked" : "Offline";
            String reason = why == null ? "its storage engine " + engine + " is not open" : why;
            long end = state.highWatermark();
            return new PartitionStatus(
                    id, engine, standing, reason, leaderEpoch(), state.logStartOffset(), end, end, 0L, null);
        }
        try {
            boolean whole = state.replication() != null;
            return new PartitionStatus(
                    id,
                    engine,
                    whole ? "Online" : "Parked",
                    whole ? null : "its replication strategy is not open",
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
