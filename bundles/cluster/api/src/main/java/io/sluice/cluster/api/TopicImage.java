package io.sluice.cluster.api;

import io.sluice.base.Uuid;
import java.util.List;

/** A topic; the partitions are in the order of their numbers, from 0 and without gaps. */
public record TopicImage(String name, Uuid id, List<PartitionImage> partitions) {
    public TopicImage {
        partitions = List.copyOf(partitions);
    }
}
