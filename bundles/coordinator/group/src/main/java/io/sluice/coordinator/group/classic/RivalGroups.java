package io.sluice.coordinator.group.classic;

import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Turn;

/** The groups of other types in the same partition, whose ids a classic group may take over when they have no members. */
@FunctionalInterface
public interface RivalGroups {
    /** Makes the id free if it is another's; false when that one has members. */
    boolean vacate(Turn<GroupRecord> turn, String groupId);
}
