package io.sluice.storage.api;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.storage.api.AppendResult.Rejected;
import org.jspecify.annotations.Nullable;

/** Whether a producer's batch may be appended after what is known of the producer (KIP-98, KIP-890), with the errors that Kafka gives. */
final class ProducerChecks {
    /** From this version of transactions on a marker carries a higher epoch than the transaction's batches. */
    private static final int BUMPS_EPOCH = 2;

    private ProducerChecks() {}

    /**
     * A batch of data.
     *
     * @param client whether sequence numbers count; a coordinator's do not
     * @return null when it may, else a duplicate or a rejection
     */
    static @Nullable AppendResult data(
            ProducerState known, RecordBatchView batch, boolean client, long offset, Object partition) {
        if (known.epoch != RecordBatchFormat.NO_PRODUCER_EPOCH) {
            AppendResult refused = sequence(known, batch, client, offset, partition);
            if (refused != null) {
                return refused;
            }
        }
        if (known.currentTxnFirstOffset >= 0L && !batch.isTransactional()) {
            return new Rejected(
                    ErrorCode.INVALID_TXN_STATE,
                    "Producer " + known.producerId + " has a transaction open in " + partition
                            + " and wrote outside of it at offset " + offset);
        }
        return null;
    }

    /**
     * A batch of data of a producer of whom nothing is known. It may begin anywhere, as after a long rest, unless others have been sent before it and
     * come after it: that is known when one of those was seen, or when sequence numbers begin anew with each transaction.
     *
     * @param awaited what was seen of the producer
     * @return null when it may be appended
     */
    static @Nullable Rejected unknown(
            RecordBatchView batch, long guard, @Nullable AwaitedSequence awaited, long offset, Object partition) {
        int first = batch.baseSequence();
        if (first != 0 && TransactionGuard.isFromFirst(guard)) {
            return outOfOrder(batch, offset, partition, "0 was expected in a new transaction");
        }
        return awaited == null || first <= awaited.lowest()
                ? null
                : outOfOrder(batch, offset, partition, awaited.lowest() + " was seen before");
    }

    private static Rejected outOfOrder(RecordBatchView batch, long offset, Object partition, String expected) {
        return new Rejected(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "Out of order sequence number for producer " + batch.producerId() + " at offset " + offset + " in "
                        + partition + ": " + batch.baseSequence() + " (incoming), " + expected);
    }

    private static @Nullable AppendResult sequence(
            ProducerState known, RecordBatchView batch, boolean client, long offset, Object partition) {
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
            return fenced(known, epoch, offset, partition, "below");
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

    /**
     * The end of a transaction.
     *
     * @param transactionVersion of the producer's transactions, as its coordinator says; 0 when it is not known
     */
    static @Nullable Rejected marker(
            ProducerState known,
            TransactionMarker marker,
            short epoch,
            int transactionVersion,
            long offset,
            Object partition) {
        boolean bumps = transactionVersion >= BUMPS_EPOCH;
        if (bumps ? epoch <= known.epoch : epoch < known.epoch) {
            boolean repeated = bumps && epoch == known.epoch && known.currentTxnFirstOffset < 0L;
            if (!repeated) {
                return fenced(known, epoch, offset, partition, bumps ? "not above" : "below");
            }
        }
        if (marker.coordinatorEpoch() < known.coordinatorEpoch) {
            return new Rejected(
                    ErrorCode.TRANSACTION_COORDINATOR_FENCED,
                    "Coordinator epoch for producer " + known.producerId + " at offset " + offset + " in " + partition
                            + " is " + marker.coordinatorEpoch() + ", below the last seen " + known.coordinatorEpoch);
        }
        return null;
    }

    /** The transaction that the records were to belong to has ended; or has not, and nobody knows: whoever sends them again finds out. */
    static Rejected ended(long producerId, short epoch, long offset, Object partition) {
        return new Rejected(
                ErrorCode.NOT_ENOUGH_REPLICAS,
                "That producer " + producerId + " with epoch " + epoch + " has a transaction in " + partition
                        + " was verified too long ago to append at offset " + offset);
    }

    private static Rejected fenced(ProducerState known, short epoch, long offset, Object partition, String relation) {
        return new Rejected(
                ErrorCode.INVALID_PRODUCER_EPOCH,
                "Epoch of producer " + known.producerId + " at offset " + offset + " in " + partition + " is " + epoch
                        + ", " + relation + " the last seen epoch " + known.epoch);
    }

    private static Rejected outOfOrder(
            String who, ProducerState known, Object partition, long offset, int first, String expected) {
        return new Rejected(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "Out of order sequence number for " + who + known.producerId + " at offset " + offset + " in "
                        + partition + ": " + first + " (incoming), " + expected);
    }
}
