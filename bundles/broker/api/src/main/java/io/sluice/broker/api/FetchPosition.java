package io.sluice.broker.api;

import io.sluice.base.TopicIdPartition;

/**
 * Where a reader stands in a partition.
 *
 * @param partition with the topic's id, or {@code Uuid.ZERO} for a client that only named the topic
 * @param currentLeaderEpoch the epoch that the client knows, or -1 (KIP-320)
 * @param lastFetchedEpoch the epoch of the last record that it has, or -1 (KIP-595)
 * @param readCommitted true when it reads below the last stable offset only
 */
public record FetchPosition(
        TopicIdPartition partition, long offset, int currentLeaderEpoch, int lastFetchedEpoch, boolean readCommitted) {}
