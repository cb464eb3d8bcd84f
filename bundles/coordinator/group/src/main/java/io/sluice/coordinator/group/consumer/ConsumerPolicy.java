package io.sluice.coordinator.group.consumer;

/** What holds for consumer groups at the moment of asking. */
public interface ConsumerPolicy {
    /** A group may have values of its own. */
    ConsumerLimits limits(String groupId);

    MigrationPolicy migration();

    /** How many members a classic group may have. */
    int classicSizeMax();
}
