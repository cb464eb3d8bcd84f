package io.sluice.storage.api;

import io.sluice.protocol.record.RecordBatchFormat;
import java.nio.ByteBuffer;

/**
 * What a partition remembers of one idempotent producer: its epoch and its last five batches, by which repetitions are known (KIP-98).
 * Not safe for several threads.
 */
final class ProducerState {
    /** As many as a producer may have in flight. */
    static final int BATCHES_MAX = 5;

    final long producerId;
    short epoch = RecordBatchFormat.NO_PRODUCER_EPOCH;
    int coordinatorEpoch = -1;
    long currentTxnFirstOffset = -1L;
    long lastTimestampMs = RecordBatchFormat.NO_TIMESTAMP;
    /** What follows the last marker that was seen; see {@link TransactionGuard}. */
    long lastEndOffset;
    /** When this broker last heard of it, for its expiry. */
    long lastSeenMs;

    private final int[] lastSequences = new int[BATCHES_MAX];
    private final long[] lastOffsets = new long[BATCHES_MAX];
    private final int[] offsetDeltas = new int[BATCHES_MAX];
    private final long[] timestamps = new long[BATCHES_MAX];
    private int oldest;
    private int count;

    ProducerState(long producerId) {
        this.producerId = producerId;
    }

    boolean hasOngoing(short wantedEpoch) {
        return currentTxnFirstOffset >= 0L && epoch == wantedEpoch;
    }

    int batchCount() {
        return count;
    }

    /** The slot of the batch that many places after the oldest that is remembered. */
    int slot(int index) {
        return (oldest + index) % BATCHES_MAX;
    }

    /** -1 before the first batch. */
    int lastSequence() {
        return count == 0 ? RecordBatchFormat.NO_SEQUENCE : lastSequences[slot(count - 1)];
    }

    /** -1 before the first batch. */
    long lastOffset() {
        return count == 0 ? -1L : lastOffsets[slot(count - 1)];
    }

    int lastSequenceAt(int slot) {
        return lastSequences[slot];
    }

    long lastOffsetAt(int slot) {
        return lastOffsets[slot];
    }

    int offsetDeltaAt(int slot) {
        return offsetDeltas[slot];
    }

    long timestampAt(int slot) {
        return timestamps[slot];
    }

    /** The slot of the remembered batch with exactly these sequence numbers; -1 when there is none. */
    int find(short batchEpoch, int firstSequence, int lastSequence) {
        if (batchEpoch != epoch) {
            return -1;
        }
        for (int i = count - 1; i >= 0; i--) {
            int slot = slot(i);
            if (lastSequences[slot] == lastSequence
                    && firstSequence == sequenceBefore(lastSequence, offsetDeltas[slot])) {
                return slot;
            }
        }
        return -1;
    }

    /** Remembers a batch; a new epoch forgets those of the old one. */
    void add(short batchEpoch, int lastSequence, long lastOffset, int offsetDelta, long timestampMs) {
        changeEpoch(batchEpoch);
        int slot;
        if (count == BATCHES_MAX) {
            slot = oldest;
            oldest = (oldest + 1) % BATCHES_MAX;
        } else {
            slot = slot(count++);
        }
        lastSequences[slot] = lastSequence;
        lastOffsets[slot] = lastOffset;
        offsetDeltas[slot] = offsetDelta;
        timestamps[slot] = timestampMs;
        lastTimestampMs = timestampMs;
    }

    /** Takes in a batch of data that has been appended; only its header is read. */
    void addData(ByteBuffer batch, int at) {
        long last = BatchHeader.lastOffset(batch, at);
        int delta = BatchHeader.lastOffsetDelta(batch, at);
        int sequence = BatchHeader.baseSequence(batch, at);
        int lastSequence = sequence == RecordBatchFormat.NO_SEQUENCE
                ? sequence
                : RecordBatchFormat.incrementSequence(sequence, delta);
        add(BatchHeader.producerEpoch(batch, at), lastSequence, last, delta, BatchHeader.maxTimestamp(batch, at));
        if (currentTxnFirstOffset < 0L && BatchHeader.isTransactional(batch, at)) {
            currentTxnFirstOffset = last - delta;
        }
    }

    /** Takes in a transaction's end; a new epoch forgets the batches of the old one. */
    void end(TransactionMarker marker, short markerEpoch, long timestampMs) {
        changeEpoch(markerEpoch);
        coordinatorEpoch = marker.coordinatorEpoch();
        lastTimestampMs = timestampMs;
        currentTxnFirstOffset = -1L;
    }

    /** The same, to be changed apart from this one. */
    ProducerState copy() {
        ProducerState copy = new ProducerState(producerId);
        copy.epoch = epoch;
        copy.coordinatorEpoch = coordinatorEpoch;
        copy.currentTxnFirstOffset = currentTxnFirstOffset;
        copy.lastTimestampMs = lastTimestampMs;
        copy.lastEndOffset = lastEndOffset;
        copy.lastSeenMs = lastSeenMs;
        System.arraycopy(lastSequences, 0, copy.lastSequences, 0, BATCHES_MAX);
        System.arraycopy(lastOffsets, 0, copy.lastOffsets, 0, BATCHES_MAX);
        System.arraycopy(offsetDeltas, 0, copy.offsetDeltas, 0, BATCHES_MAX);
        System.arraycopy(timestamps, 0, copy.timestamps, 0, BATCHES_MAX);
        copy.oldest = oldest;
        copy.count = count;
        return copy;
    }

    private void changeEpoch(short next) {
        if (next != epoch) {
            epoch = next;
            count = 0;
            oldest = 0;
        }
    }

    private static int sequenceBefore(int sequence, int decrement) {
        return (int) (((long) sequence - decrement) & Integer.MAX_VALUE);
    }
}
