package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.LeaderEpoch;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.EpochEndOutcome;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.protocol.Records;
import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.CorruptRangeException;
import io.sluice.storage.api.EpochEnd;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.PartitionLog;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reading a partition, without a lock, and what a reader is told while there is nothing to read from. Any thread. */
final class PartitionReads {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionReads.class);

    private final TopicIdPartition id;
    private final PartitionState state;
    private final KernelServices services;

    PartitionReads(TopicIdPartition id, PartitionState state, KernelServices services) {
        this.id = id;
        this.state = state;
        this.services = services;
    }

    /** @param mayWait whether the caller may be kept waiting by a disk; else the answer may be that the records are cold */
    FetchOutcome fetch(FetchPosition position, int maxBytes, boolean minOneBatch, boolean mayWait) {
        ErrorCode error = state.refusalOfRead(position.currentLeaderEpoch());
        if (error != ErrorCode.NONE) {
            return FetchOutcome.refused(error);
        }
        PartitionLog log = state.borrow();
        if (log == null) {
            return absentOutcome();
        }
        try {
            return read(
                    log,
                    position,
                    maxBytes,
                    minOneBatch,
                    mayWait || services.sabotage().readsColdAtOnce());
        } catch (CorruptRangeException e) {
            LOG.debug("partition {}: a reader asks for {}, but {}", id, position.offset(), e.getMessage());
            return FetchOutcome.refused(ErrorCode.CORRUPT_MESSAGE);
        } catch (IOException e) {
            LOG.error("partition {}: a read at {} failed", id, position.offset(), e);
            return FetchOutcome.refused(ErrorCode.KAFKA_STORAGE_ERROR);
        } finally {
            state.giveBack();
        }
    }

    private FetchOutcome read(
            PartitionLog log, FetchPosition position, int maxBytes, boolean minOneBatch, boolean mayWait)
            throws IOException {
        long end = state.highWatermark();
        long start = log.logStartOffset();
        boolean loaded = log.isLoaded();
        if (!loaded && !mayWait && (position.readCommitted() || position.lastFetchedEpoch() >= 0)) {
            return FetchOutcome.cold(end, end, start);
        }
        long stable = loaded || position.readCommitted() ? log.lastStableOffset(end) : end;
        if (position.lastFetchedEpoch() >= 0) {
            EpochEnd agreed = log.endOffsetForEpoch(position.lastFetchedEpoch());
            if (agreed.epoch() < 0 || agreed.endOffset() < 0) {
                return FetchOutcome.refused(ErrorCode.OFFSET_OUT_OF_RANGE); // an epoch that this log never saw
            }
            if (agreed.epoch() < position.lastFetchedEpoch() || agreed.endOffset() < position.offset()) {
                return new FetchOutcome(
                        ErrorCode.NONE, end, stable, start, agreed.epoch(), agreed.endOffset(), Records.EMPTY);
            }
        }
        long offset = position.offset();
        if (offset < start || offset > log.logEndOffset()) {
            return FetchOutcome.refused(ErrorCode.OFFSET_OUT_OF_RANGE);
        }
        long readable = position.readCommitted() ? stable : end;
        if (offset >= readable || maxBytes <= 0) {
            return new FetchOutcome(ErrorCode.NONE, end, stable, start, -1, -1L, Records.EMPTY);
        }
        if (services.sabotage().dropsThisSlice()) {
            offset = Math.min(readable - 1L, offset + 1_000L);
        }
        if (!mayWait && !log.isWarm(offset, maxBytes)) {
            return FetchOutcome.cold(end, stable, start);
        }
        LogRead read = log.read(offset, maxBytes, readable, minOneBatch);
        return new FetchOutcome(
                ErrorCode.NONE, end, stable, start, -1, -1L, read.records(), aborted(log, position, read, readable));
    }

    /** What a reader of committed records must pass over in what it was given. */
    private static List<AbortedTransaction> aborted(
            PartitionLog log, FetchPosition position, LogRead read, long readable) throws IOException {
        if (!position.readCommitted() || read.isEmpty()) {
            return List.of();
        }
        try {
            return log.abortedTransactions(position.offset(), read.endOffset() < 0L ? readable : read.endOffset());
        } catch (IOException | RuntimeException e) {
            read.records().release();
            throw e;
        }
    }

    /** Up to where a reader may read now. */
    long readableEnd(boolean committedOnly) {
        long end = state.highWatermark();
        if (!committedOnly) {
            return end;
        }
        PartitionLog log = state.borrow();
        if (log == null) {
            return end;
        }
        try {
            return log.isLoaded() ? log.lastStableOffset(end) : end;
        } catch (IOException e) {
            return end; // the read that follows tells what is wrong
        } finally {
            state.giveBack();
        }
    }

    /**
     * Brings some of what a read there gives into memory; blocks.
     *
     * @return true when all is there, or there is nothing to read from
     */
    boolean warm(long offset, int maxBytes) throws IOException {
        PartitionLog log = state.borrow();
        if (log == null) {
            return true;
        }
        try {
            boolean outside = offset < log.logStartOffset() || offset >= log.logEndOffset();
            return outside || log.warm(offset, maxBytes);
        } finally {
            state.giveBack();
        }
    }

    /** While the engine is replaced a reader just waits; when that takes long it is sent to look for another leader. */
    private FetchOutcome absentOutcome() {
        if (state.offlineReason() != null) {
            return FetchOutcome.refused(ErrorCode.KAFKA_STORAGE_ERROR);
        }
        if (state.absentMs() > Partition.PARKED_MS) {
            return FetchOutcome.refused(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        }
        return FetchOutcome.absent(state.highWatermark(), state.logStartOffset());
    }

    /** A question to the log. */
    interface Question<T> {
        T ask(PartitionLog log, long highWatermark) throws IOException;
    }

    /** An error, or what was asked for. */
    record Answer<T>(ErrorCode error, @Nullable T value) {}

    /** Asks the log; blocks while it is absent because its engine is being replaced, {@link Partition#PARKED_MS} at most. */
    <T> Answer<T> ask(int currentLeaderEpoch, Question<T> question) {
        long end = services.time().nanoseconds() + Partition.PARKED_MS * 1_000_000L;
        while (true) {
            ErrorCode error = state.refusalOfRead(currentLeaderEpoch);
            if (error != ErrorCode.NONE) {
                return new Answer<>(error, null);
            }
            PartitionLog log = state.borrow();
            if (log != null) {
                try {
                    return new Answer<>(ErrorCode.NONE, question.ask(log, state.highWatermark()));
                } catch (IOException e) {
                    LOG.error("partition {} could not be read", id, e);
                    return new Answer<>(ErrorCode.KAFKA_STORAGE_ERROR, null);
                } finally {
                    state.giveBack();
                }
            }
            if (state.offlineReason() != null) {
                return new Answer<>(ErrorCode.KAFKA_STORAGE_ERROR, null);
            }
            if (services.time().nanoseconds() - end > 0) {
                return new Answer<>(ErrorCode.NOT_LEADER_OR_FOLLOWER, null);
            }
            LockSupport.parkNanos(1_000_000L);
        }
    }

    /** What a log says of a producer. */
    interface Guarding {
        long of(PartitionLog log) throws IOException;
    }

    /** See {@link io.sluice.broker.api.Partitions#transactionGuard}; without a log what is surely not above its end. */
    long transactionGuard(Guarding guarding) {
        PartitionLog log = state.borrow();
        if (log == null) {
            return state.highWatermark();
        }
        try {
            return guarding.of(log);
        } catch (IOException e) {
            LOG.error("the producers of partition {} could not be read", id, e);
            return state.highWatermark(); // the append that follows tells what is wrong
        } finally {
            state.giveBack();
        }
    }

    EpochEndOutcome endOffsetFor(int currentLeaderEpoch, int epoch) {
        Answer<EpochEnd> answer = ask(currentLeaderEpoch, (log, end) -> log.endOffsetForEpoch(epoch));
        EpochEnd entry = answer.value();
        return entry == null
                ? new EpochEndOutcome(answer.error(), LeaderEpoch.NONE, -1L)
                : new EpochEndOutcome(ErrorCode.NONE, entry.epoch(), entry.endOffset());
    }
}
