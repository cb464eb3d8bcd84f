package io.sluice.coordinator.streams.topology;

import java.util.List;

/** Topics of one subtopology that must have equally many partitions, by their indexes in the lists of the subtopology. */
public record CopartitionGroup(List<Short> sourceTopics, List<Short> repartitionSourceTopics) {
    public CopartitionGroup {
        sourceTopics = List.copyOf(sourceTopics);
        repartitionSourceTopics = List.copyOf(repartitionSourceTopics);
    }
}
