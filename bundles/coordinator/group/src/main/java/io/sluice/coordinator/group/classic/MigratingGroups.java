package io.sluice.coordinator.group.classic;

import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Turn;

/** The classic groups, as far as groups go from them to the consumer protocol and come from there. */
public interface MigratingGroups {
    /** The group is about to become a consumer group: whoever waits in it is told to join again, and its timers end. */
    void dissolve(Turn<GroupRecord> turn, ClassicGroup group);

    /**
     * The group has become a classic one, as its record says that has just been written.
     *
     * @param rebalance whether its members must join again
     */
    void adopt(Turn<GroupRecord> turn, ClassicGroup group, boolean rebalance);
}
