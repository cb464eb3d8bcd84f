package io.sluice.coordinator.share.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One record of {@code __share_group_state}. */
public sealed interface ShareStateRecord {
    SharePartitionKey key();

    /** Everything that is known of a share partition; null when it is forgotten. */
    record Snapshot(SharePartitionKey key, @Nullable ShareState state) implements ShareStateRecord {}

    /**
     * What has changed since a snapshot.
     *
     * @param startOffset -1 when it has not moved
     * @param deliveryCompleteCount -1 when it is not told
     */
    record Update(
            SharePartitionKey key,
            int snapshotEpoch,
            int leaderEpoch,
            long startOffset,
            int deliveryCompleteCount,
            List<StateBatch> batches)
            implements ShareStateRecord {
        public Update {
            batches = List.copyOf(batches);
        }
    }
}
