package io.sluice.storage.api;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producers of one partition (KIP-98): which batch each may send next, and which it has sent before. Changed by the
 * log's writer; a snapshot can be taken from any thread.
 */
final class ProducerStates {
    private final Map<Long, ProducerState> producers = new HashMap<>();
    private @Nullable ProducerState lastUsed;
    private long endOffset;

    /** The state of the log's prefix below this offset. */
    synchronized long endOffset() {
        return endOffset;
    }

    synchronized void clear(long offset) {
        producers.clear();
        lastUsed = null;
        endOffset = offset;
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

    /**
     * Whether the batch of an idempotent producer may be appended now.
     *
     * @param client whether sequence numbers count; a coordinator's do not
     * @return null when it may, else a duplicate or a rejection
     */
    synchronized @Nullable AppendResult check(RecordBatchView batch, boolean client, long offset, Object partition) {
        ProducerState known = find(batch.producerId());
        if (known == null || known.epoch == RecordBatchFormat.NO_PRODUCER_EPOCH) {
            return null;
        }
        short epoch = batch.producerEpoch();
        int first = batch.baseSequence();
        if (client) {
            int slot = known.find(epoch, first, batch.lastSequence());
            if (slot >= 0) {
                long last = known.lastOffsetAt(slot);
                return new AppendResult.Duplicate(last - known.offsetDeltaAt(slot), last, known.timestampAt(slot));
            }
        }
        if (epoch < known.epoch) {
            return new AppendResult.Rejected(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "Epoch of producer " + known.producerId + " at offset " + offset + " in " + partition + " is "
                            + epoch + ", below the last seen epoch " + known.epoch);
        }
        if (!client) {
            return null;
        }
        if (epoch > known.epoch) {
            return first == 0
                    ? null
                    : outOfOrder("a new epoch of producer ", known, partition, offset, first, "0 was expected");
        }
        int last = known.lastSequence();
        if (first == last + 1L || (first == 0 && last == Integer.MAX_VALUE)) {
            return null;
        }
        return outOfOrder("producer ", known, partition, offset, first, last + " was the last");
    }

    private static AppendResult outOfOrder(
            String who, ProducerState known, Object partition, long offset, int first, String expected) {
        return new AppendResult.Rejected(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "Out of order sequence number for " + who + known.producerId + " at offset " + offset + " in "
                        + partition + ": " + first + " (incoming), " + expected);
    }

    /** Takes in a batch that has been appended or that is read at recovery. */
    synchronized void update(ByteBuffer batch, int at, long nowMs) {
        long last = BatchHeader.lastOffset(batch, at);
        endOffset = last + 1L;
        long producerId = BatchHeader.producerId(batch, at);
        if (producerId <= RecordBatchFormat.NO_PRODUCER_ID) {
            return;
        }
        ProducerState state = findOrAdd(producerId);
        state.lastSeenMs = nowMs;
        short epoch = BatchHeader.producerEpoch(batch, at);
        long timestampMs = BatchHeader.maxTimestamp(batch, at);
        if (BatchHeader.isControl(batch, at)) {
            state.epoch = epoch;
            state.lastTimestampMs = timestampMs;
            state.currentTxnFirstOffset = -1L;
            return;
        }
        int delta = BatchHeader.lastOffsetDelta(batch, at);
        int sequence = BatchHeader.baseSequence(batch, at);
        int lastSequence = sequence == RecordBatchFormat.NO_SEQUENCE
                ? sequence
                : RecordBatchFormat.incrementSequence(sequence, delta);
        state.add(epoch, lastSequence, last, delta, timestampMs);
        if ((BatchHeader.attributes(batch, at) & RecordBatchFormat.TRANSACTIONAL_MASK) != 0
                && state.currentTxnFirstOffset < 0L) {
            state.currentTxnFirstOffset = last - delta;
        }
    }

    /** Forgets producers of whom nothing was heard for that long and who have no transaction open. */
    synchronized void expire(long nowMs, long expirationMs) {
        producers
                .values()
                .removeIf(state -> state.currentTxnFirstOffset < 0L && nowMs - state.lastSeenMs >= expirationMs);
        lastUsed = null;
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
        }
        return true;
    }
}
