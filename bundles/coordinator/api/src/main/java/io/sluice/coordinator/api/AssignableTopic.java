package io.sluice.coordinator.api;

import java.util.List;
import java.util.Set;

/**
 * A topic as assignors see it.
 *
 * @param racks of each partition's replicas, in the order of the partitions; empty sets where no broker says its rack
 */
public record AssignableTopic(int partitionCount, List<Set<String>> racks) {
    public AssignableTopic {
        racks = List.copyOf(racks);
    }
}
