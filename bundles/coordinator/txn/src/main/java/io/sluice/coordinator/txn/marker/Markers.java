package io.sluice.coordinator.txn.marker;

import io.sluice.base.TopicPartition;
import java.util.Set;

/**
 * The end of one transaction, for all of its partitions.
 *
 * @param producerEpoch of the markers, which from version 2 of transactions on is above that of the batches
 * @param coordinatorEpoch the leader epoch of the partition of {@code __transaction_state}
 */
public record Markers(
        long producerId,
        short producerEpoch,
        boolean committed,
        int coordinatorEpoch,
        short transactionVersion,
        Set<TopicPartition> partitions) {
    public Markers {
        partitions = Set.copyOf(partitions);
    }

    /** The same for some of the partitions. */
    Markers of(Set<TopicPartition> some) {
        return new Markers(producerId, producerEpoch, committed, coordinatorEpoch, transactionVersion, some);
    }
}
