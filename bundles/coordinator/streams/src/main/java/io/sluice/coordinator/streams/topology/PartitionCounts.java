package io.sluice.coordinator.streams.topology;

import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many partitions topics have, or are to have when they are made. */
final class PartitionCounts {
    private final MetadataImage image;
    private final Map<String, Integer> decided = new HashMap<>();

    PartitionCounts(MetadataImage image) {
        this.image = image;
    }

    /** Of a topic that is there, else what was decided; null when neither is so. */
    @Nullable
    Integer of(String topic) {
        TopicImage present = image.topic(topic);
        return present != null ? Integer.valueOf(present.partitions().size()) : decided.get(topic);
    }

    /** What was decided, whether the topic is there or not. */
    @Nullable
    Integer decided(String topic) {
        return decided.get(topic);
    }

    void decide(String topic, int partitions) {
        decided.put(topic, partitions);
    }
}
