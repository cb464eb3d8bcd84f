package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.replication.api.PartitionReplication;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.Durability;
import io.sluice.storage.api.PartitionLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leader's way into the log. An append that finds the partition free runs on the caller's thread; one that finds it
 * busy, or without a log or a replication because these are being replaced, is copied and queued, and is done in order by
 * whoever has the partition, or when it is whole again. What is large and has to be decoded is queued, too, for a worker, and
 * what comes after it waits behind it.
 */
final class PartitionAppends {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionAppends.class);

    /** Smaller ones are decoded in less time than it takes to hand them over. */
    private static final int SLOW_BYTES = 32 * 1024;

    private final TopicIdPartition id;
    private final PartitionState state;
    private final KernelServices services;
    private final FetchWaiters fetchWaiters;
    private final CommitWaiters commitWaiters = new CommitWaiters();
    private final CommitWaiters syncWaiters = new CommitWaiters();
    private final PartitionSync sync;
    private final BiConsumer<PartitionLog, String> whenFailed;
    private final ArrayDeque<AppendWork> queue = new ArrayDeque<>();
    private final boolean isInternal;
    private final TopicCounters counters;
    private volatile @Nullable LogVolume volume;
    private boolean timeoutArmed;
    private long waitingSinceNanos;

    /** @param whenFailed is told of a log that cannot be written any more, and why */
    PartitionAppends(
            TopicIdPartition id,
            PartitionState state,
            KernelServices services,
            FetchWaiters fetchWaiters,
            BiConsumer<PartitionLog, String> whenFailed) {
        this.id = id;
        this.state = state;
        this.services = services;
        this.fetchWaiters = fetchWaiters;
        this.whenFailed = whenFailed;
        this.isInternal = id.topic().startsWith("__");
        this.counters = services.traffic().of(id.topicId(), id.topic());
        this.sync = new PartitionSync(
                id.topicPartition(),
                state,
                services.syncs(),
                services.time(),
                this::synced,
                () -> failUncommitted(ErrorCode.KAFKA_STORAGE_ERROR),
                whenFailed);
    }

    /** Appends now or queues a copy. The work's ticket is completed in the call, or later. */
    void append(AppendWork work) {
        work.countedBy(counters);
        boolean slow = takesTime(work);
        ErrorCode refusal;
        @Nullable String why = null;
        synchronized (state) {
            refusal = state.refusalOfAppend();
            if (refusal != ErrorCode.NONE) {
                why = state.offlineReason();
            } else if (slow || !queue.isEmpty() || !state.tryWriting()) {
                AppendWork kept = work.kept(services.memory());
                if (kept != null) {
                    enqueue(kept, slow);
                    return;
                }
                if (!queue.isEmpty() || !state.tryWriting()) {
                    refusal = ErrorCode.NOT_LEADER_OR_FOLLOWER;
                    why = "there is no memory to let it wait (queued.max.request.bytes)";
                }
            }
        }
        if (refusal != ErrorCode.NONE) {
            work.refuse(refusal, why);
            return;
        }
        try {
            write(work);
        } finally {
            state.endWriting();
        }
        drain(false);
    }

    /** Whether checking it may take long, because it is large and has to be decoded: then it is done on a worker. */
    private boolean takesTime(AppendWork work) {
        return work.isClient()
                && work.batches().remaining() >= SLOW_BYTES
                && PartitionLog.needsDecoding(work.batches(), state.config());
    }

    private void enqueue(AppendWork kept, boolean slow) {
        if (queue.isEmpty()) {
            waitingSinceNanos = services.time().nanoseconds();
        }
        queue.add(kept);
        armTimeout(Partition.PARKED_MS);
        if (slow) {
            services.scheduler().execute(this::drain);
        }
    }

    /** Whatever happens, the work is told of it. */
    private void write(AppendWork work) {
        try {
            writeInTurn(work);
        } catch (RuntimeException e) {
            LOG.error("partition {}: an append failed", id, e);
            work.refuse(ErrorCode.UNKNOWN_SERVER_ERROR, null);
        }
    }

    private void writeInTurn(AppendWork work) {
        PartitionLog log = state.writersLog();
        PartitionReplication committing = state.writersReplication();
        ErrorCode admitted = committing.admit(work.acks());
        if (admitted != ErrorCode.NONE) {
            work.refuse(admitted, null);
            return;
        }
        LogVolume lies = volume;
        if (lies != null
                && work.isClient()
                && !isInternal
                && !services.sabotage().ignoresReserve()) {
            String noRoom = lies.refusalOf(work.batches().remaining());
            if (noRoom != null) {
                work.refuse(ErrorCode.KAFKA_STORAGE_ERROR, noRoom);
                return;
            }
        }
        if (services.sabotage().losesThisWrite(work.isClient())) {
            long end = log.logEndOffset();
            work.complete(outcome(log, end, end, -1L));
            return;
        }
        if (!work.isClient()) {
            services.sabotage().flipMarker(work.batches());
        }
        AppendResult result;
        try {
            int epoch = state.leaderState().leaderEpoch();
            result = work.isClient()
                    ? log.appendGuarded(work.batches(), epoch, work.transactionGuard())
                    : log.appendAsCoordinator(
                            work.batches(), epoch, work.transactionVersion(), work.transactionGuard());
        } catch (IOException e) {
            LOG.error("partition {}: an append failed", id, e);
            work.refuse(ErrorCode.KAFKA_STORAGE_ERROR, "the log could not be written: " + e.getMessage());
            String failure = log.failure();
            if (failure != null) {
                services.scheduler().execute(() -> whenFailed.accept(log, failure));
            }
            return;
        }
        if (result instanceof AppendResult.Appended appended) {
            state.grew(work.batches().remaining());
            if (!services.sabotage().miscountsThisBatch()) {
                counters.appended(
                        appended.lastOffset() - appended.firstOffset() + 1L,
                        work.batches().remaining());
            }
            boolean waits = waitsForSync(log);
            committing.appended(waits ? Math.min(log.flushedOffset(), log.logEndOffset()) : log.logEndOffset());
            settle(
                    work,
                    log,
                    waits,
                    appended.lastOffset(),
                    outcome(log, appended.firstOffset(), appended.lastOffset(), appended.logAppendTimeMs()));
        } else if (result instanceof AppendResult.Duplicate duplicate) {
            settle(
                    work,
                    log,
                    waitsForSync(log),
                    duplicate.lastOffset(),
                    outcome(log, duplicate.firstOffset(), duplicate.lastOffset(), duplicate.logAppendTimeMs()));
        } else {
            work.complete(AppendWork.rejected((AppendResult.Rejected) result));
        }
    }

    private static AppendOutcome outcome(PartitionLog log, long firstOffset, long lastOffset, long logAppendTimeMs) {
        return new AppendOutcome(
                ErrorCode.NONE, firstOffset, lastOffset, logAppendTimeMs, log.logStartOffset(), List.of(), null);
    }

    private boolean waitsForSync(PartitionLog log) {
        return log.config().durability() == Durability.GROUP
                && !services.sabotage().acksBeforeSync();
    }

    private void settle(AppendWork work, PartitionLog log, boolean waits, long lastOffset, AppendOutcome outcome) {
        boolean unsafe = waits && log.flushedOffset() <= lastOffset;
        if (work.acks() == -1 && state.highWatermark() <= lastOffset) {
            work.written();
            commitWaiters.add(lastOffset, work, outcome);
            commitWaiters.completeBelow(state.highWatermark());
        } else if (work.acks() == 1 && unsafe) {
            syncWaiters.add(lastOffset, work, outcome);
            syncWaiters.completeBelow(log.flushedOffset());
        } else {
            work.complete(outcome);
        }
        if (unsafe) {
            sync.want();
        }
    }

    /** The log is safe up to this offset. */
    private void synced(long offset) {
        state.takeWriting();
        try {
            PartitionLog log = state.log();
            PartitionReplication committing = state.replication();
            if (log != null && committing != null) {
                committing.appended(waitsForSync(log) ? Math.min(offset, log.logEndOffset()) : log.logEndOffset());
            }
        } finally {
            state.endWriting();
        }
        syncWaiters.completeBelow(offset);
        drain();
    }

    /** Where the log lies; null when that is not known, or nowhere. */
    @Nullable
    LogVolume volume() {
        return volume;
    }

    /** Where the log ends for those who decide what is committed: what is to be safe first does not count before it is. */
    long committableEnd(PartitionLog log) {
        if (!waitsForSync(log) || log.flushedOffset() >= log.logEndOffset()) {
            return log.logEndOffset();
        }
        sync.want();
        return Math.max(log.flushedOffset(), state.highWatermark());
    }

    /** The log was opened: what waits for it to be safe has waited long enough, for all of it is. */
    void opened(PartitionLog log) {
        volume = services.diskSpace().of(log.directory().orElse(null));
        if (waitsForSync(log)) {
            synced(log.logEndOffset());
        } else {
            syncWaiters.completeBelow(log.logEndOffset());
        }
    }

    /** What lies below the offset is committed. */
    void committed(long offset) {
        if (offset <= state.highWatermark()) {
            return;
        }
        state.committed(offset);
        PartitionLog log = state.log();
        if (log != null) {
            log.committed(offset);
        }
        commitWaiters.completeBelow(offset);
    }

    /** Does what was queued meanwhile, and wakes those who wait for data. On a worker. */
    void drain() {
        drain(true);
    }

    /** @param patient whether the caller may take its time; else what takes time is left to a worker */
    private void drain(boolean patient) {
        while (true) {
            fetchWaiters.advanced(state.highWatermark());
            AppendWork next;
            synchronized (state) {
                next = queue.peek();
                if (next == null) {
                    return;
                }
                if (!patient && takesTime(next)) {
                    services.scheduler().execute(this::drain);
                    return;
                }
                if (!state.tryWriting()) {
                    return;
                }
                queue.remove();
            }
            try {
                write(next);
            } finally {
                state.endWriting();
                next.letGo();
            }
        }
    }

    private void armTimeout(long delayMs) {
        if (timeoutArmed || state.isWhole()) {
            return;
        }
        timeoutArmed = true;
        services.scheduler().schedule(delayMs, this::timeOutQueued);
    }

    /** What waits now may be younger than the timer: that was armed in an absence that is over. */
    private void timeOutQueued() {
        synchronized (state) {
            timeoutArmed = false;
            if (state.isWhole() || queue.isEmpty()) {
                return;
            }
            long waitedMs = (services.time().nanoseconds() - waitingSinceNanos) / 1_000_000L;
            if (waitedMs < Partition.PARKED_MS) {
                armTimeout(Partition.PARKED_MS - waitedMs);
                return;
            }
        }
        failQueued(ErrorCode.NOT_LEADER_OR_FOLLOWER, "its storage engine or replication strategy is being replaced");
    }

    /** Refuses what waits for the partition to be whole. */
    void failQueued(ErrorCode error, @Nullable String why) {
        while (true) {
            AppendWork next;
            synchronized (state) {
                next = queue.poll();
            }
            if (next == null) {
                return;
            }
            next.refuse(error, why);
            next.letGo();
        }
    }

    /** Refuses what was appended and waits for its commit. */
    void failUncommitted(ErrorCode error) {
        commitWaiters.failAll(error);
        syncWaiters.failAll(error);
    }
}
