package io.sluice.coordinator.share;

import io.sluice.broker.api.Broker;
import io.sluice.broker.api.Partitions;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.share.fetch.ShareSessions;
import io.sluice.coordinator.share.partition.SharePartitions;
import io.sluice.coordinator.share.state.ShareStateCoordinator;

/** What the bundle's request handlers have in common. Safe for use from any thread; nothing blocks. */
public interface ShareCoordinator {
    /** The state of share partitions. */
    ShareStateCoordinator states();

    /** The share partitions that are led here. */
    SharePartitions sharePartitions();

    /** Who reads them. */
    ShareSessions sessions();

    /** A group's configuration as it holds now. */
    ShareGroupSettings settings(String groupId);

    Broker broker();

    Partitions partitions();

    MetadataImage image();
}
