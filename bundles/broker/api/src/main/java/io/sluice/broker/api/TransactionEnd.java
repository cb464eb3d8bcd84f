package io.sluice.broker.api;

/**
 * The end of a producer's transaction in one partition, as its coordinator decided it.
 *
 * @param partition of the receiver's topic
 * @param coordinatorEpoch the leader epoch of the coordinator's partition; a lower one than before is a coordinator's that was replaced
 * @param transactionVersion of the producer's transactions; from 2 on the epoch is above that of the batches that are ended (KIP-890)
 */
public record TransactionEnd(
        int partition,
        long producerId,
        short producerEpoch,
        boolean committed,
        int coordinatorEpoch,
        short transactionVersion) {}
