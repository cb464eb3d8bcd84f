package io.sluice.coordinator.txn.state;

import io.sluice.protocol.record.RecordBatchFormat;

/**
 * Under which producer id and epoch a transactional id writes.
 *
 * @param epoch -1 before the first initialisation
 * @param lastEpoch the one before, so that the repetition of an initialisation is known (KIP-360); -1 when there is none
 * @param previousId the id before the epochs of that one were used up; -1 when there is none
 * @param nextId while a transaction ends with whose epochs are used up: the id that follows; else -1
 * @param nextEpoch of Kafka's two-phase commit; -1 here, and kept
 */
public record ProducerIdentity(long id, short epoch, short lastEpoch, long previousId, long nextId, short nextEpoch) {
    /** The last epoch that a client gets to see: the one above it is for fencing. */
    static final short EPOCH_MAX = Short.MAX_VALUE - 1;

    static final long NO_ID = RecordBatchFormat.NO_PRODUCER_ID;
    static final short NO_EPOCH = RecordBatchFormat.NO_PRODUCER_EPOCH;

    static ProducerIdentity fresh(long id) {
        return new ProducerIdentity(id, NO_EPOCH, NO_EPOCH, NO_ID, NO_ID, NO_EPOCH);
    }

    static boolean isExhausted(short epoch) {
        return epoch >= EPOCH_MAX;
    }

    boolean isExhausted() {
        return isExhausted(epoch);
    }

    /** Whether this is the id and epoch that a client says to have: nobody is given the epoch that fences the last one. */
    boolean isOf(long clientsId, short clientsEpoch) {
        return id == clientsId && epoch == clientsEpoch && epoch != Short.MAX_VALUE;
    }

    /** The next epoch. */
    ProducerIdentity bumped(short rememberedEpoch) {
        if (epoch == Short.MAX_VALUE) {
            throw new IllegalStateException("producer " + id + " has no epoch left");
        }
        return new ProducerIdentity(id, (short) (epoch + 1), rememberedEpoch, previousId, nextId, nextEpoch);
    }

    /** Epoch 0 of another id. */
    ProducerIdentity rotated(long newId, short rememberedEpoch) {
        return new ProducerIdentity(newId, (short) 0, rememberedEpoch, id, NO_ID, NO_EPOCH);
    }

    /**
     * Under which a transaction ends that raises the epoch; the owner of the epoch before may go on with this one.
     *
     * @param spareId a producer id that nobody has, which follows if the epochs of this one are used up
     */
    ProducerIdentity ending(long spareId) {
        ProducerIdentity next = epoch == Short.MAX_VALUE ? this : bumped(epoch);
        return isExhausted()
                ? new ProducerIdentity(id, next.epoch, next.lastEpoch, previousId, spareId, nextEpoch)
                : next;
    }

    /** What the producer goes on with once its transaction is complete. */
    ProducerIdentity afterEnd() {
        return nextId == NO_ID ? this : rotated(nextId, EPOCH_MAX);
    }
}
