package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.LeaderEpoch;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.EpochEndOutcome;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.protocol.Records;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.replication.api.ReplicationStrategy;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.EpochEnd;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.Maintenance;
import io.sluice.storage.api.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition that this broker holds: its log, its replication, and whoever waits for it.
 *
 * <p>One writer at a time: an append that finds the partition free runs on the caller's thread; one that finds it busy,
 * or without a log or a replication because these are being replaced, is copied and queued, and is done in order by
 * whoever has the partition, or when it is whole again. Readers use the log without a lock; they are counted, so that a
 * log is taken away only when nobody reads it.
 */
final class Partition {
    /** How long what came while a part was absent waits before it gets the error that makes a client try again. */
    static final long PARKED_MS = 5_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Partition.class);

    private final TopicIdPartition id;
    private final String engine;
    private final KernelServices services;
    private final FetchWaiters fetchWaiters = new FetchWaiters();
    private final CommitWaiters commitWaiters = new CommitWaiters();
    private final ArrayDeque<AppendWork> queue = new ArrayDeque<>();
    private final AtomicInteger readers = new AtomicInteger();

    private volatile LogConfig config;
    private volatile LeaderState leaderState;
    private volatile boolean leading;
    private volatile @Nullable PartitionLog log;
    private volatile @Nullable PartitionReplication replication;
    private volatile @Nullable String offlineReason;
    private volatile long highWatermark;
    private volatile long logStartOffset;
    private volatile long absentSinceNanos;
    private boolean busy;
    private boolean gone;
    private boolean timeoutArmed;

    Partition(
            TopicIdPartition id,
            String engine,
            LogConfig config,
            LeaderState state,
            boolean leading,
            KernelServices services) {
        this.id = id;
        this.engine = engine;
        this.config = config;
        this.leaderState = state;
        this.leading = leading;
        this.services = services;
        this.absentSinceNanos = services.time().nanoseconds();
    }

    TopicIdPartition id() {
        return id;
    }

    String engine() {
        return engine;
    }

    LogConfig config() {
        return config;
    }

    boolean hasLog() {
        return log != null;
    }

    int leaderEpoch() {
        return leaderState.leaderEpoch();
    }

    boolean isLeading() {
        return leading;
    }

    // ---- the parts come and go

    /** The log was opened; what waited is done now, in order. */
    void attachLog(PartitionLog opened) {
        synchronized (this) {
            if (gone) {
                throw new IllegalStateException(id + " is gone");
            }
            offlineReason = null;
            logStartOffset = opened.logStartOffset();
            highWatermark = Math.max(Math.min(highWatermark, opened.logEndOffset()), opened.logStartOffset());
            log = opened;
            opened.reconfigure(config);
        }
        services.replicationRole().whenOpen(() -> services.replication().lead(this));
        resumeWork();
    }

    /** The log could not be opened: the partition is offline until the engine is opened again. */
    void markOffline(String reason) {
        LOG.error("partition {} is offline: {}", id, reason);
        offlineReason = reason;
        failQueued(ErrorCode.KAFKA_STORAGE_ERROR, reason);
        fetchWaiters.fireAll();
    }

    /** Takes the log away from writers and readers, waiting for those that are at it. Returns it, for closing. */
    @Nullable
    PartitionLog detachLog() {
        PartitionLog taken;
        synchronized (this) {
            taken = log;
            log = null;
            absentSinceNanos = services.time().nanoseconds();
            awaitIdle();
        }
        while (readers.get() > 0) {
            LockSupport.parkNanos(50_000L);
        }
        return taken;
    }

    /** The replication strategy was opened, or the leadership changed. */
    void attachReplication(ReplicationStrategy strategy) {
        synchronized (this) {
            PartitionLog now = log;
            if (gone || now == null || !leading || replication != null) {
                return;
            }
            awaitIdle();
            busy = true;
        }
        PartitionLog now = log;
        try {
            if (now != null) {
                now.becomeLeader(leaderState.leaderEpoch());
                replication = strategy.lead(id, leaderState, now.logEndOffset(), highWatermark, this::committed);
                committed(java.util.Objects.requireNonNull(replication).highWatermark());
            }
        } catch (IOException e) {
            LOG.error("partition {} cannot be led", id, e);
            markOffline("its log could not take note of the leadership: " + e.getMessage());
        } finally {
            release();
        }
        resumeWork();
    }

    /** The replication strategy is being replaced. */
    void detachReplication() {
        PartitionReplication taken;
        synchronized (this) {
            taken = replication;
            replication = null;
            absentSinceNanos = services.time().nanoseconds();
            awaitIdle();
        }
        if (taken != null) {
            taken.close();
        }
    }

    /** The metadata changed the partition's record. */
    void updateLeadership(LeaderState state, boolean leadingNow) {
        PartitionReplication now;
        boolean epochRose;
        synchronized (this) {
            epochRose = state.leaderEpoch() != leaderState.leaderEpoch();
            leaderState = state;
            leading = leadingNow;
            now = replication;
        }
        if (epochRose || !leadingNow) {
            detachReplication();
            if (leadingNow) {
                services.replicationRole().whenOpen(() -> services.replication().lead(this));
            } else {
                failQueued(ErrorCode.NOT_LEADER_OR_FOLLOWER, null);
                commitWaiters.failAll(ErrorCode.NOT_LEADER_OR_FOLLOWER);
            }
            fetchWaiters.fireAll();
        } else if (now != null) {
            now.updated(state);
        }
    }

    void reconfigure(LogConfig changed) {
        synchronized (this) {
            config = changed;
            PartitionLog now = log;
            if (now != null) {
                now.reconfigure(changed);
            }
        }
    }

    /** The topic was deleted: everybody who waits is told, and the log is taken away. */
    @Nullable
    PartitionLog leave() {
        synchronized (this) {
            gone = true;
            leading = false;
        }
        detachReplication();
        failQueued(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null);
        commitWaiters.failAll(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        PartitionLog taken = detachLog();
        fetchWaiters.fireAll();
        return taken;
    }

    // ---- appending

    /** Appends now or queues a copy. The work's ticket is completed in the call, or later. */
    void append(AppendWork work) {
        ErrorCode refusal;
        synchronized (this) {
            refusal = refusal();
            if (refusal == ErrorCode.NONE) {
                if (busy || log == null || replication == null || !queue.isEmpty()) {
                    queue.add(work.kept());
                    armTimeout();
                    return;
                }
                busy = true;
            }
        }
        if (refusal != ErrorCode.NONE) {
            work.refuse(refusal, offlineReason);
            return;
        }
        try {
            write(work);
        } finally {
            release();
        }
        drain();
    }

    private ErrorCode refusal() {
        if (gone) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (!leading) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        return offlineReason == null ? ErrorCode.NONE : ErrorCode.KAFKA_STORAGE_ERROR;
    }

    private void write(AppendWork work) {
        PartitionLog now = java.util.Objects.requireNonNull(log);
        PartitionReplication committing = java.util.Objects.requireNonNull(replication);
        ErrorCode admitted = committing.admit(work.acks());
        if (admitted != ErrorCode.NONE) {
            work.refuse(admitted, null);
            return;
        }
        if (work.isClient() && services.sabotage().losesThisWrite()) {
            long end = now.logEndOffset();
            work.complete(new AppendOutcome(ErrorCode.NONE, end, end, -1L, now.logStartOffset(), List.of(), null));
            return;
        }
        AppendResult result;
        try {
            result = now.appendAsLeader(work.batches(), work.isClient(), leaderState.leaderEpoch());
        } catch (IOException e) {
            LOG.error("partition {}: an append failed", id, e);
            work.refuse(ErrorCode.KAFKA_STORAGE_ERROR, "the log could not be written: " + e.getMessage());
            return;
        } catch (RuntimeException e) {
            LOG.error("partition {}: an append failed", id, e);
            work.refuse(ErrorCode.UNKNOWN_SERVER_ERROR, null);
            return;
        }
        if (result instanceof AppendResult.Appended appended) {
            committing.appended(now.logEndOffset());
            AppendOutcome outcome = new AppendOutcome(
                    ErrorCode.NONE,
                    appended.firstOffset(),
                    appended.lastOffset(),
                    appended.logAppendTimeMs(),
                    now.logStartOffset(),
                    List.of(),
                    null);
            settle(work, appended.lastOffset(), outcome);
        } else if (result instanceof AppendResult.Duplicate duplicate) {
            AppendOutcome outcome = new AppendOutcome(
                    ErrorCode.NONE,
                    duplicate.firstOffset(),
                    duplicate.lastOffset(),
                    duplicate.logAppendTimeMs(),
                    now.logStartOffset(),
                    List.of(),
                    null);
            settle(work, duplicate.lastOffset(), outcome);
        } else {
            work.complete(AppendWork.rejected((AppendResult.Rejected) result));
        }
    }

    private void settle(AppendWork work, long lastOffset, AppendOutcome outcome) {
        if (work.acks() != -1 || highWatermark > lastOffset) {
            work.complete(outcome);
        } else {
            commitWaiters.add(lastOffset, work, outcome);
            commitWaiters.completeBelow(highWatermark);
        }
    }

    private void committed(long offset) {
        long before = highWatermark;
        if (offset <= before) {
            return;
        }
        highWatermark = offset;
        commitWaiters.completeBelow(offset);
    }

    /** Does what was queued meanwhile, and wakes those who wait for data. */
    private void drain() {
        while (true) {
            fetchWaiters.advanced(highWatermark);
            AppendWork next;
            synchronized (this) {
                if (busy || log == null || replication == null) {
                    return;
                }
                next = queue.poll();
                if (next == null) {
                    return;
                }
                busy = true;
            }
            try {
                write(next);
            } finally {
                release();
            }
        }
    }

    private synchronized void release() {
        busy = false;
        notifyAll();
    }

    /** Waits until no writer is at the log; the caller holds the monitor. */
    private void awaitIdle() {
        while (busy) {
            Uninterruptibly.await(this);
        }
    }

    private void resumeWork() {
        fetchWaiters.fireAll();
        services.scheduler().execute(this::drain);
    }

    private void armTimeout() {
        if (timeoutArmed || (log != null && replication != null)) {
            return;
        }
        timeoutArmed = true;
        services.scheduler().schedule(PARKED_MS, this::timeOutQueued);
    }

    private void timeOutQueued() {
        synchronized (this) {
            timeoutArmed = false;
            if (log != null && replication != null) {
                return;
            }
        }
        failQueued(ErrorCode.NOT_LEADER_OR_FOLLOWER, "its storage engine or replication strategy is being replaced");
    }

    private void failQueued(ErrorCode error, @Nullable String why) {
        while (true) {
            AppendWork next;
            synchronized (this) {
                next = queue.poll();
            }
            if (next == null) {
                return;
            }
            next.refuse(error, why);
        }
    }

    // ---- reading

    /** {@code NONE}, or why a reader with this idea of the leader's epoch gets nothing (KIP-320). */
    private ErrorCode checkEpoch(int currentLeaderEpoch) {
        if (gone) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (!leading) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        int epoch = leaderState.leaderEpoch();
        if (currentLeaderEpoch < 0 || currentLeaderEpoch == epoch) {
            return ErrorCode.NONE;
        }
        return currentLeaderEpoch < epoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }

    FetchOutcome fetch(FetchPosition position, int maxBytes, boolean minOneBatch) {
        ErrorCode error = checkEpoch(position.currentLeaderEpoch());
        if (error != ErrorCode.NONE) {
            return FetchOutcome.refused(error);
        }
        PartitionLog now = borrow();
        if (now == null) {
            return absentOutcome();
        }
        try {
            return read(now, position, maxBytes, minOneBatch);
        } catch (IOException e) {
            LOG.error("partition {}: a read at {} failed", id, position.offset(), e);
            return FetchOutcome.refused(ErrorCode.KAFKA_STORAGE_ERROR);
        } finally {
            readers.decrementAndGet();
        }
    }

    private FetchOutcome read(PartitionLog now, FetchPosition position, int maxBytes, boolean minOneBatch)
            throws IOException {
        long end = highWatermark;
        long start = now.logStartOffset();
        if (position.lastFetchedEpoch() >= 0) {
            EpochEnd agreed = now.endOffsetForEpoch(position.lastFetchedEpoch());
            if (agreed.epoch() < position.lastFetchedEpoch() || agreed.endOffset() < position.offset()) {
                return new FetchOutcome(
                        ErrorCode.NONE, end, end, start, agreed.epoch(), agreed.endOffset(), Records.EMPTY);
            }
        }
        long offset = position.offset();
        if (offset < start || offset > now.logEndOffset()) {
            return FetchOutcome.refused(ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        if (offset >= end || maxBytes <= 0) {
            return new FetchOutcome(ErrorCode.NONE, end, end, start, -1, -1L, Records.EMPTY);
        }
        if (services.sabotage().dropsThisSlice()) {
            offset = Math.min(end - 1L, offset + 1_000L);
        }
        LogRead read = now.read(offset, maxBytes, end, minOneBatch);
        return new FetchOutcome(ErrorCode.NONE, end, end, start, -1, -1L, read.records());
    }

    /** While the engine is replaced a reader just waits; when that takes long it is sent to look for another leader. */
    private FetchOutcome absentOutcome() {
        if (offlineReason != null) {
            return FetchOutcome.refused(ErrorCode.KAFKA_STORAGE_ERROR);
        }
        long absentMs = (services.time().nanoseconds() - absentSinceNanos) / 1_000_000L;
        if (absentMs > PARKED_MS) {
            return FetchOutcome.refused(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        long end = highWatermark;
        return new FetchOutcome(ErrorCode.NONE, end, end, logStartOffset, -1, -1L, Records.EMPTY);
    }

    /** The log, counted as read from, or null while there is none. */
    private @Nullable PartitionLog borrow() {
        readers.incrementAndGet();
        PartitionLog now = log;
        if (now == null) {
            readers.decrementAndGet();
        }
        return now;
    }

    /** A question to the log; it is waited for while its engine is being replaced, at most {@link #PARKED_MS}. */
    interface Question<T> {
        T ask(PartitionLog log, long highWatermark) throws IOException;
    }

    /** Blocks while the log is absent. @return null when it did not come in time, or the partition cannot answer */
    <T> Answer<T> ask(int currentLeaderEpoch, Question<T> question) {
        long end = services.time().nanoseconds() + PARKED_MS * 1_000_000L;
        while (true) {
            ErrorCode error = checkEpoch(currentLeaderEpoch);
            if (error != ErrorCode.NONE) {
                return new Answer<>(error, null);
            }
            PartitionLog now = borrow();
            if (now != null) {
                try {
                    return new Answer<>(ErrorCode.NONE, question.ask(now, highWatermark));
                } catch (IOException e) {
                    LOG.error("partition {} could not be read", id, e);
                    return new Answer<>(ErrorCode.KAFKA_STORAGE_ERROR, null);
                } finally {
                    readers.decrementAndGet();
                }
            }
            if (offlineReason != null) {
                return new Answer<>(ErrorCode.KAFKA_STORAGE_ERROR, null);
            }
            if (services.time().nanoseconds() - end > 0) {
                return new Answer<>(ErrorCode.NOT_LEADER_OR_FOLLOWER, null);
            }
            LockSupport.parkNanos(1_000_000L);
        }
    }

    /** An error, or what was asked for. */
    record Answer<T>(ErrorCode error, @Nullable T value) {}

    EpochEndOutcome endOffsetFor(int currentLeaderEpoch, int epoch) {
        Answer<EpochEnd> answer = ask(currentLeaderEpoch, (from, end) -> from.endOffsetForEpoch(epoch));
        EpochEnd entry = answer.value();
        return entry == null
                ? new EpochEndOutcome(answer.error(), LeaderEpoch.NONE, -1L)
                : new EpochEndOutcome(ErrorCode.NONE, entry.epoch(), entry.endOffset());
    }

    FetchWaiters fetchWaiters() {
        return fetchWaiters;
    }

    long highWatermark() {
        return highWatermark;
    }

    // ---- background work

    /** Raises the log's start, as the one writer. */
    Answer<Long> deleteRecords(long offset) {
        return ask(
                LeaderEpoch.NONE,
                (from, end) -> asWriter(from, () -> {
                    long target = offset == -1L ? end : offset;
                    if (target > end || target < 0) {
                        return -1L;
                    }
                    from.advanceLogStart(target);
                    logStartOffset = from.logStartOffset();
                    return from.logStartOffset();
                }));
    }

    /** Retention, compaction and the like. */
    Maintenance maintain() throws IOException {
        PartitionLog now = borrow();
        if (now == null) {
            return Maintenance.NONE;
        }
        try {
            return now.maintain(highWatermark);
        } finally {
            logStartOffset = now.logStartOffset();
            readers.decrementAndGet();
        }
    }

    private interface Writing<T> {
        T run() throws IOException;
    }

    private <T> T asWriter(PartitionLog from, Writing<T> writing) throws IOException {
        synchronized (this) {
            awaitIdle();
            busy = true;
        }
        try {
            return writing.run();
        } finally {
            release();
            services.scheduler().execute(this::drain);
        }
    }

    PartitionStatus status() {
        PartitionLog now = borrow();
        LeaderState state = leaderState;
        if (now == null) {
            String why = offlineReason;
            return new PartitionStatus(
                    id,
                    engine,
                    why == null ? "Parked" : "Offline",
                    why == null ? "its storage engine " + engine + " is not open" : why,
                    state.leaderEpoch(),
                    logStartOffset,
                    highWatermark,
                    highWatermark,
                    0L,
                    null);
        }
        try {
            boolean whole = replication != null;
            Path directory = now.directory().orElse(null);
            return new PartitionStatus(
                    id,
                    engine,
                    whole ? "Online" : "Parked",
                    whole ? null : "its replication strategy is not open",
                    state.leaderEpoch(),
                    now.logStartOffset(),
                    highWatermark,
                    now.logEndOffset(),
                    now.sizeInBytes(),
                    directory);
        } finally {
            readers.decrementAndGet();
        }
    }
}
