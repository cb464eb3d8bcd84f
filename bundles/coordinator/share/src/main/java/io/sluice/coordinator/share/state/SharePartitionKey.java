package io.sluice.coordinator.share.state;

import io.sluice.base.Uuid;
import java.util.Objects;

/** A share partition: a partition of a topic as one share group reads it. */
public record SharePartitionKey(String groupId, Uuid topicId, int partition) {
    public SharePartitionKey {
        Objects.requireNonNull(groupId, "groupId");
        Objects.requireNonNull(topicId, "topicId");
    }

    /** As FindCoordinator takes it; its hash chooses the partition of the topic. */
    public String coordinatorKey() {
        return groupId + ":" + topicId + ":" + partition;
    }

    /** The partition of {@code __share_group_state} in which it lives, by Kafka's hash. */
    public int partitionOf(int partitions) {
        int hash = coordinatorKey().hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitions;
    }

    @Override
    public String toString() {
        return coordinatorKey();
    }
}
