package io.sluice.coordinator.share.partition;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.broker.api.OffsetOutcome;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.coordinator.share.ShareGroupSettings;
import java.time.Duration;

/** Where a group begins that has not read a partition yet: as its {@code share.auto.offset.reset} says. */
final class FirstOffset {
    private FirstOffset() {}

    /** May read from the disk. Gives -1 when the log cannot be asked here. */
    static long of(
            ShareEnvironment environment, TopicIdPartition partition, int leaderEpoch, ShareGroupSettings settings) {
        Duration age = settings.resetDuration();
        if (age != null) {
            long since = environment.time().milliseconds() - age.toMillis();
            long found = offset(environment, partition, leaderEpoch, since);
            if (found >= 0L) {
                return found;
            }
        }
        return offset(
                environment,
                partition,
                leaderEpoch,
                settings.resetsToEarliest() ? SpecialTimestamp.EARLIEST : SpecialTimestamp.LATEST);
    }

    private static long offset(
            ShareEnvironment environment, TopicIdPartition partition, int leaderEpoch, long timestamp) {
        OffsetOutcome outcome =
                environment.partitions().offsetFor(partition.topicPartition(), leaderEpoch, timestamp, false);
        return outcome.error() == ErrorCode.NONE ? outcome.offset() : -1L;
    }
}
