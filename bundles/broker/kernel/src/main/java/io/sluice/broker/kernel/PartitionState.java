package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.LeaderEpoch;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.replication.api.LeaderState;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.PartitionLog;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What is so of a partition now, and who is at its log. Facts change under this object's monitor and are read without it;
 * what must agree with each other is read under it, too.
 *
 * <p>There is one writer at a time: whoever holds the {@linkplain #takeWriting() turn to write}. Readers are counted by
 * {@link #borrow()}, so that a log is taken away only when nobody is at it.
 */
final class PartitionState {
    private final TopicIdPartition id;
    private final Time time;
    private final AtomicInteger readers = new AtomicInteger();

    private volatile LogConfig config;
    private volatile LeaderState leaderState;
    private volatile boolean leading;
    private volatile @Nullable PartitionLog log;
    private volatile @Nullable PartitionReplication replication;
    private volatile @Nullable String offlineReason;
    private volatile long highWatermark;
    private volatile long logStartOffset;
    private volatile long appendedBytes;
    private volatile long absentSinceNanos;
    private volatile boolean gone;
    private boolean writing;
    /** What the turn to write began with: both may be on their way out by now, but they wait for its end. */
    private @Nullable PartitionLog writersLog;

    private @Nullable PartitionReplication writersReplication;

    PartitionState(TopicIdPartition id, LogConfig config, LeaderState leaderState, boolean leading, Time time) {
        this.id = id;
        this.config = config;
        this.leaderState = leaderState;
        this.leading = leading;
        this.time = time;
        this.absentSinceNanos = time.nanoseconds();
    }

    LogConfig config() {
        return config;
    }

    LeaderState leaderState() {
        return leaderState;
    }

    boolean isLeading() {
        return leading;
    }

    boolean isGone() {
        return gone;
    }

    @Nullable
    PartitionLog log() {
        return log;
    }

    @Nullable
    PartitionReplication replication() {
        return replication;
    }

    /** Nothing that an append needs is away. */
    boolean isWhole() {
        return log != null && replication != null;
    }

    @Nullable
    String offlineReason() {
        return offlineReason;
    }

    long highWatermark() {
        return highWatermark;
    }

    long logStartOffset() {
        return logStartOffset;
    }

    long absentMs() {
        return (time.nanoseconds() - absentSinceNanos) / 1_000_000L;
    }

    // ---- changes

    synchronized void configure(LogConfig changed) {
        config = changed;
        PartitionLog now = log;
        if (now != null) {
            now.reconfigure(changed);
        }
    }

    /** @return the replication before the change, for telling it */
    @Nullable
    synchronized PartitionReplication lead(LeaderState state, boolean leadingNow) {
        leaderState = state;
        leading = leadingNow;
        return replication;
    }

    synchronized void opened(PartitionLog opened) {
        if (gone) {
            throw new IllegalStateException(id + " is gone");
        }
        offlineReason = null;
        logStartOffset = opened.logStartOffset();
        highWatermark = Math.max(Math.min(highWatermark, opened.logEndOffset()), opened.logStartOffset());
        log = opened;
        opened.reconfigure(config);
    }

    void offline(String reason) {
        offlineReason = reason;
    }

    void replicatedBy(PartitionReplication opened) {
        replication = opened;
    }

    void committed(long offset) {
        highWatermark = offset;
    }

    /** By the one writer. */
    void grew(int bytes) {
        long before = appendedBytes;
        appendedBytes = before + bytes;
    }

    long appendedBytes() {
        return appendedBytes;
    }

    void startsAt(long offset) {
        logStartOffset = offset;
    }

    synchronized void leave() {
        gone = true;
        leading = false;
    }

    /** Takes the log away from writers and readers, waiting for those that are at it. */
    @Nullable
    PartitionLog detachLog() {
        PartitionLog taken;
        synchronized (this) {
            taken = log;
            log = null;
            absentSinceNanos = time.nanoseconds();
            awaitWriter();
        }
        while (readers.get() > 0) {
            LockSupport.parkNanos(50_000L);
        }
        return taken;
    }

    /** Takes the replication away from writers, waiting for one that is at it. */
    @Nullable
    synchronized PartitionReplication detachReplication() {
        PartitionReplication taken = replication;
        replication = null;
        absentSinceNanos = time.nanoseconds();
        awaitWriter();
        return taken;
    }

    // ---- who may

    /** {@code NONE}, or why an append is refused at once. What is merely absent is waited for instead. */
    ErrorCode refusalOfAppend() {
        if (gone) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (!leading) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        return offlineReason == null ? ErrorCode.NONE : ErrorCode.KAFKA_STORAGE_ERROR;
    }

    /** {@code NONE}, or why a reader with this idea of the leader's epoch gets nothing (KIP-320). */
    ErrorCode refusalOfRead(int currentLeaderEpoch) {
        if (gone) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (!leading) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        int epoch = leaderState.leaderEpoch();
        if (currentLeaderEpoch == LeaderEpoch.NONE || currentLeaderEpoch == epoch) {
            return ErrorCode.NONE;
        }
        return currentLeaderEpoch < epoch ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }

    // ---- the turn to write

    /** Begins to write if nobody does and nothing is away; the caller holds the monitor. */
    boolean tryWriting() {
        PartitionLog present = log;
        PartitionReplication committing = replication;
        if (writing || present == null || committing == null) {
            return false;
        }
        writing = true;
        writersLog = present;
        writersReplication = committing;
        return true;
    }

    /** The log to write, for whoever holds the turn by {@link #tryWriting()}. */
    PartitionLog writersLog() {
        return Objects.requireNonNull(writersLog, "nobody has the turn to write");
    }

    /** Who commits what is written; the same otherwise. */
    PartitionReplication writersReplication() {
        return Objects.requireNonNull(writersReplication, "nobody has the turn to write");
    }

    /** Begins to write once nobody else does. */
    synchronized void takeWriting() {
        awaitWriter();
        writing = true;
    }

    /** Begins to write in order to be given a replication; false when none is wanted. */
    synchronized boolean takeWritingToLead() {
        if (gone || log == null || !leading || replication != null) {
            return false;
        }
        takeWriting();
        return true;
    }

    synchronized void endWriting() {
        writing = false;
        writersLog = null;
        writersReplication = null;
        notifyAll();
    }

    private void awaitWriter() {
        while (writing) {
            Uninterruptibly.await(this);
        }
    }

    // ---- the readers

    /** The log, counted as read from until {@link #giveBack()}, or null while there is none. */
    @Nullable
    PartitionLog borrow() {
        readers.incrementAndGet();
        PartitionLog now = log;
        if (now == null) {
            readers.decrementAndGet();
        }
        return now;
    }

    void giveBack() {
        readers.decrementAndGet();
    }
}
