package io.sluice.broker.api;

import io.sluice.base.TopicIdPartition;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A partition of this broker as it stands.
 *
 * @param state {@code Online}, {@code Opening}, {@code Parked} while its engine is being replaced, {@code Damaged} when it can be read in part and
 *     not be appended to, or {@code Offline}
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
        @Nullable Path directory) {}
