package io.sluice.coordinator.api;

import io.sluice.base.TopicIdPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to commit which offsets in a group.
 *
 * @param memberId empty for whoever is no member
 * @param memberEpoch the member's epoch or generation; negative for whoever is no member
 * @param transactional true for TxnOffsetCommit
 * @param apiVersion of OffsetCommit or TxnOffsetCommit
 * @param partitions for which offsets are to be committed; the id is {@code Uuid.ZERO} where none is known
 */
public record CommitClaim(
        String groupId,
        String memberId,
        @Nullable String instanceId,
        int memberEpoch,
        boolean transactional,
        short apiVersion,
        List<TopicIdPartition> partitions) {
    public CommitClaim {
        partitions = List.copyOf(partitions);
    }
}
