package io.sluice.coordinator.streams.topology;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A topic that belongs to an application and is made for it: a repartition topic or a changelog. Immutable.
 *
 * @param partitions 0 where the number follows from other topics
 * @param replicationFactor 0 for the broker's default
 */
public record InternalTopic(String name, int partitions, short replicationFactor, SortedMap<String, String> configs) {
    public InternalTopic {
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
    }

    public static InternalTopic of(String name, int partitions, short replicationFactor, Map<String, String> configs) {
        return new InternalTopic(name, partitions, replicationFactor, new TreeMap<>(configs));
    }

    public InternalTopic withPartitions(int count) {
        return new InternalTopic(name, count, replicationFactor, configs);
    }
}
