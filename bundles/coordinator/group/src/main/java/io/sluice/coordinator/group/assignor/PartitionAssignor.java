package io.sluice.coordinator.group.assignor;

import io.sluice.base.Uuid;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.api.Subscriber;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One of our own assignors: all that it looks at is who subscribes to what, and who has had what. */
interface PartitionAssignor {
    /** The name by which members ask for it. */
    String name();

    /**
     * @param members in the order of their ids
     * @param partitionCounts of every topic that a member subscribes to
     * @return what each member is to have, for every member
     */
    Map<String, Set<PartitionId>> assign(List<Subscriber> members, Map<Uuid, Integer> partitionCounts);
}
