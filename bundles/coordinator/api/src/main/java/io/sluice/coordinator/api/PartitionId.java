package io.sluice.coordinator.api;

import io.sluice.base.Uuid;

/** A partition by the id of its topic. */
public record PartitionId(Uuid topicId, int partition) implements Comparable<PartitionId> {
    @Override
    public int compareTo(PartitionId other) {
        int byTopic = topicId.compareTo(other.topicId);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return topicId + "-" + partition;
    }
}
