package io.sluice.storage.api;

import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producers of one partition (KIP-98): which batch each may send next, which it has sent before, and the transactions that
 * they have open. Changed by the
 * log's writer; a snapshot can be taken from any thread.
 */
final class ProducerStates {
    private static final int AWAITED_MAX = 10_000;

    private final Map<Long, ProducerState> producers = new HashMap<>();
    private final Map<Long, AwaitedSequence> awaited = new HashMap<>();
    private final Transactions transactions = new Transactions();
    private @Nullable ProducerState lastUsed;
    private long endOffset;
    /** Of markers below it nothing is known but what they left. */
    private long knownFrom;

    /** The state of the log's prefix below this offset. */
    synchronized long endOffset() {
        return endOffset;
    }

    synchronized void clear(long offset) {
        producers.clear();
        awaited.clear();
        transactions.clear();
        lastUsed = null;
        endOffset = offset;
        knownFrom = offset;
    }

    private @Nullable ProducerState find(long producerId) {
        ProducerState known = lastUsed;
        if (known != null && known.producerId == producerId) {
            return known;
        }
        known = producers.get(producerId);
        if (known != null) {
            lastUsed = known;
        }
        return known;
    }

    private ProducerState findOrAdd(long producerId) {
        ProducerState known = find(producerId);
        if (known == null) {
            known = new ProducerState(producerId);
            producers.put(producerId, known);
            lastUsed = known;
        }
        return known;
    }

    /** What is known of a producer, to be changed apart from it; of an unknown one nothing. */
    synchronized ProducerState copyOf(long producerId) {
        ProducerState known = find(producerId);
        return known == null ? new ProducerState(producerId) : known.copy();
    }

    /**
     * Whether the batch that a client's producer sent may be appended now.
     *
     * @param guard see {@link TransactionGuard}
     * @return null when it may, else a duplicate or a rejection
     */
    synchronized @Nullable AppendResult check(RecordBatchView batch, long guard, long offset, Object partition) {
        ProducerState known = find(batch.producerId());
        AppendResult refused = known == null
                ? ProducerChecks.unknown(batch, guard, awaited.get(batch.producerId()), offset, partition)
                : ProducerChecks.data(known, batch, true, offset, partition);
        return refused != null ? refused : refusalByGuard(known, batch, guard, offset, partition);
    }

    /**
     * Why records may not begin a transaction; null when they may, or begin none.
     *
     * @param producer null of one that is not known
     * @param guard see {@link TransactionGuard}
     */
    synchronized AppendResult.@Nullable Rejected refusalByGuard(
            @Nullable ProducerState producer, RecordBatchView batch, long guard, long offset, Object partition) {
        boolean begins = batch.isTransactional() && (producer == null || !producer.hasOngoing(batch.producerEpoch()));
        if (guard == TransactionGuard.NONE || !begins) {
            return null;
        }
        long lastEnd = producer == null ? knownFrom : Math.max(knownFrom, producer.lastEndOffset);
        return TransactionGuard.offset(guard) >= lastEnd
                ? null
                : ProducerChecks.ended(batch.producerId(), batch.producerEpoch(), offset, partition);
    }

    /**
     * Takes in a batch that has been appended or that is read at recovery.
     *
     * @param batch a buffer with its header at {@code at}, and with all of it if it is a control batch
     * @return the transaction that it aborted; null when it aborted none
     */
    synchronized @Nullable AbortedTransaction update(ByteBuffer batch, int at, long nowMs) {
        long last = BatchHeader.lastOffset(batch, at);
        endOffset = last + 1L;
        if (BatchHeader.producerId(batch, at) <= RecordBatchFormat.NO_PRODUCER_ID) {
            return null;
        }
        if (BatchHeader.isControl(batch, at)) {
            TransactionMarker marker = TransactionMarker.read(new RecordBatchView().wrap(batch, at));
            return marker == null ? null : end(batch, at, marker, nowMs);
        }
        ProducerState state = findOrAdd(BatchHeader.producerId(batch, at));
        forgetAwaited(state.producerId);
        state.lastSeenMs = nowMs;
        boolean open = state.currentTxnFirstOffset >= 0L;
        state.addData(batch, at);
        if (!open && state.currentTxnFirstOffset >= 0L) {
            transactions.begin(state.currentTxnFirstOffset, state.producerId);
        }
        return null;
    }

    private @Nullable AbortedTransaction end(ByteBuffer batch, int at, TransactionMarker marker, long nowMs) {
        ProducerState state = findOrAdd(BatchHeader.producerId(batch, at));
        forgetAwaited(state.producerId);
        state.lastSeenMs = nowMs;
        long last = BatchHeader.lastOffset(batch, at);
        state.lastEndOffset = last + 1L;
        long first = state.currentTxnFirstOffset;
        state.end(marker, BatchHeader.producerEpoch(batch, at), BatchHeader.maxTimestamp(batch, at));
        if (first < 0L) {
            return null;
        }
        AbortedTransaction aborted = marker.committed()
                ? null
                : new AbortedTransaction(
                        state.producerId, first, last, transactions.stableAfter(last, state.producerId));
        transactions.end(first, last);
        return aborted;
    }

    Transactions transactions() {
        return transactions;
    }

    /** A client's batch comes once its transaction is known to go on; its guard. */
    synchronized long awaitFirst(long producerId, short epoch, int firstSequence, long nowMs) {
        ProducerState known = find(producerId);
        if (known != null) {
            return known.hasOngoing(epoch) || epoch < known.epoch ? TransactionGuard.ONGOING : endOffset;
        }
        if (firstSequence >= 0 && (awaited.size() < AWAITED_MAX || awaited.containsKey(producerId))) {
            awaited.merge(producerId, new AwaitedSequence(epoch, firstSequence, nowMs), AwaitedSequence::and);
        }
        return endOffset;
    }

    private void forgetAwaited(long producerId) {
        if (!awaited.isEmpty()) {
            awaited.remove(producerId);
        }
    }

    synchronized boolean hasOngoingTransaction(long producerId, short epoch) {
        ProducerState known = find(producerId);
        return known != null && known.hasOngoing(epoch);
    }

    /** Forgets producers of whom nothing was heard for that long and who have no transaction open. */
    synchronized void expire(long nowMs, long expirationMs) {
        producers.values().removeIf(state -> {
            boolean expired = state.currentTxnFirstOffset < 0L && nowMs - state.lastSeenMs >= expirationMs;
            if (expired) {
                knownFrom = Math.max(knownFrom, state.lastEndOffset); // a guard may be older than its marker
            }
            return expired;
        });
        awaited.values().removeIf(each -> nowMs - each.sinceMs() >= expirationMs);
        lastUsed = null;
    }

    /** See {@link MaintenanceScope}. */
    synchronized long lastOffsetOf(long producerId) {
        ProducerState known = producers.get(producerId);
        if (known == null) {
            return -1L;
        }
        return known.batchCount() == 0 ? MaintenanceScope.MARKERS_ONLY : known.lastOffset();
    }

    synchronized List<ProducerStatus> list() {
        List<ProducerStatus> list = new ArrayList<>(producers.size());
        for (ProducerState state : producers.values()) {
            list.add(new ProducerStatus(
                    state.producerId,
                    state.epoch,
                    state.lastSequence(),
                    state.lastTimestampMs,
                    state.coordinatorEpoch,
                    state.currentTxnFirstOffset));
        }
        return list;
    }

    synchronized Snapshot snapshot() {
        return new Snapshot(endOffset, ProducerSnapshots.encode(producers.values()));
    }

    /** Starts over from a snapshot; false, and empty, when it cannot be read. */
    synchronized boolean restore(Snapshot snapshot, long nowMs) {
        clear(snapshot.offset());
        List<ProducerState> states = ProducerSnapshots.decode(snapshot.state());
        if (states == null) {
            return false;
        }
        for (ProducerState state : states) {
            state.lastSeenMs = nowMs;
            producers.put(state.producerId, state);
            if (state.currentTxnFirstOffset >= 0L) {
                transactions.begin(state.currentTxnFirstOffset, state.producerId);
            }
        }
        return true;
    }
}
