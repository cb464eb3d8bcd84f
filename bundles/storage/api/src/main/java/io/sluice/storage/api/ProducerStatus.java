package io.sluice.storage.api;

/**
 * An idempotent producer as a partition knows it (DescribeProducers).
 *
 * @param lastSequence -1 when there is none
 * @param lastTimestampMs the largest timestamp of its last batch
 * @param coordinatorEpoch -1 unless a transaction has ended
 * @param currentTxnStartOffset -1 outside a transaction
 */
public record ProducerStatus(
        long producerId,
        short producerEpoch,
        int lastSequence,
        long lastTimestampMs,
        int coordinatorEpoch,
        long currentTxnStartOffset) {}
