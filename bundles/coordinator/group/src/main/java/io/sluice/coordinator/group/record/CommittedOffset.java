package io.sluice.coordinator.group.record;

import io.sluice.base.Uuid;

/**
 * What a group has committed for a partition.
 *
 * @param leaderEpoch of the last record consumed, or -1
 * @param commitTimestampMs when it was committed
 * @param expireTimestampMs when it expires, for clients that said so (OffsetCommit 2 to 4); else -1
 * @param topicId {@code Uuid.ZERO} when the client named the topic only and no id was known
 */
public record CommittedOffset(
        long offset, int leaderEpoch, String metadata, long commitTimestampMs, long expireTimestampMs, Uuid topicId) {}
