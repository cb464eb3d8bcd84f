package io.sluice.base;

import java.util.Objects;

/** A partition by the name of its topic. */
public record TopicPartition(String topic, int partition) implements Comparable<TopicPartition> {
    public TopicPartition {
        Objects.requireNonNull(topic, "topic");
    }

    @Override
    public int compareTo(TopicPartition other) {
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    /** {@code topic-partition}, which is also the name of its folder in Kafka's layout. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
