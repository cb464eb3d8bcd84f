package io.sluice.coordinator.share.partition;

import io.sluice.base.TopicIdPartition;
import io.sluice.coordinator.share.ShareGroupSettings;

/** Brings what share groups give up to their dead-letter topics (KIP-1191). Any thread; nothing blocks. */
interface DeadLetterOffice {
    /** Whether the group's configuration has a dead-letter topic, and the cluster has the feature. */
    boolean serves(ShareGroupSettings settings);

    /** Writes a record for each that is given up, where the group's configuration says then; tells when they are written, or cannot be. */
    void send(String groupId, TopicIdPartition partition, DeadLetter letter, Runnable done);
}
