package io.sluice.base;

import java.util.Objects;

/** A partition by the identity of its topic; the name is carried along for messages and paths. */
public record TopicIdPartition(Uuid topicId, TopicPartition topicPartition) {
    public TopicIdPartition {
        Objects.requireNonNull(topicId, "topicId");
        Objects.requireNonNull(topicPartition, "topicPartition");
    }

    public TopicIdPartition(Uuid topicId, String topic, int partition) {
        this(topicId, new TopicPartition(topic, partition));
    }

    public String topic() {
        return topicPartition.topic();
    }

    public int partition() {
        return topicPartition.partition();
    }

    @Override
    public String toString() {
        return topicPartition + "(" + topicId + ")";
    }
}
