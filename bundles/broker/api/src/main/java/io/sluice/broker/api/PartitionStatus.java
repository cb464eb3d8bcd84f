package io.sluice.broker.api;

import io.sluice.base.TopicIdPartition;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A partition of this broker as it stands.
 *
 * @param state the label of its {@link PartitionStanding}
 * @param reason why it is not online, in one sentence; null when it is
 * @param directory where its log lies; null for an engine without directories
 */
public record PartitionStatus(
        TopicIdPartition partition,
        String engine,
        String state,
        @Nullable String reason,
        int leaderEpoch,
        long logStartOffset,
        long highWatermark,
        long logEndOffset,
        long sizeInBytes,
        @Nullable Path directory) {
    public PartitionStatus(
            TopicIdPartition partition,
            String engine,
            PartitionStanding standing,
            @Nullable String reason,
            int leaderEpoch,
            long logStartOffset,
            long highWatermark,
            long logEndOffset,
            long sizeInBytes,
            @Nullable Path directory) {
        this(
                partition,
                engine,
                standing.label(),
                reason,
                leaderEpoch,
                logStartOffset,
                highWatermark,
                logEndOffset,
                sizeInBytes,
                directory);
    }

    /** The same as {@link #state}, to be compared with. */
    public PartitionStanding standing() {
        return PartitionStanding.of(state);
    }
}
