package io.sluice.coordinator.group.assignor;

import io.sluice.base.Uuid;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Distributes the partitions of the subscribed topics: each to exactly one of the topic's subscribers. The same input has the same result. */
public interface PartitionAssignor {
    /** The name by which members ask for it. */
    String name();

    /**
     * @param members in the order of their ids
     * @param partitionCounts of every topic that a member subscribes to
     * @return what each member is to have, for every member
     */
    Map<String, Set<PartitionId>> assign(List<Subscriber> members, Map<Uuid, Integer> partitionCounts);
}
