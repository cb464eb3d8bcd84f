package io.sluice.coordinator.group.consumer;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.coordinator.api.CommitClaim;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;

/** Who may commit and read the offsets of a consumer group. */
public final class CommitRights {
    private static final short FIRST_VERSION_WITH_MEMBER_EPOCHS = 9;

    private CommitRights() {}

    /**
     * Members may commit at their epoch, or at an earlier one for partitions that they have had since then; anybody may while there are no members,
     * and so may producers that do not say for which member they commit.
     */
    public static ErrorCode mayCommit(ConsumerGroup group, CommitClaim claim) {
        int epoch = claim.memberEpoch();
        if (epoch < 0 && group.isEmpty()) {
            return ErrorCode.NONE;
        }
        if (claim.transactional() && epoch == -1 && claim.memberId().isEmpty() && claim.instanceId() == null) {
            return ErrorCode.NONE;
        }
        ConsumerMember member = group.member(claim.memberId());
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        CurrentAssignment current = member.current();
        boolean classic = member.metadata().isClassic();
        if (!classic && !claim.transactional() && claim.apiVersion() < FIRST_VERSION_WITH_MEMBER_EPOCHS) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        if (epoch == current.epoch()) {
            return ErrorCode.NONE;
        }
        return epoch < current.epoch() && hasAllSince(current, claim, epoch) ? ErrorCode.NONE : wrongEpoch(member);
    }

    /** What a member is told that comes with an epoch that it does not have, in the terms of its protocol. */
    private static ErrorCode wrongEpoch(ConsumerMember member) {
        return member.metadata().isClassic() ? ErrorCode.ILLEGAL_GENERATION : ErrorCode.STALE_MEMBER_EPOCH;
    }

    private static boolean hasAllSince(CurrentAssignment current, CommitClaim claim, int epoch) {
        for (TopicIdPartition partition : claim.partitions()) {
            PartitionId id = new PartitionId(partition.topicId(), partition.partition());
            Integer since =
                    current.assigned().getOrDefault(id, current.revoking().get(id));
            if (since == null || epoch < since) {
                return false;
            }
        }
        return true;
    }

    /** Whoever says which member it is must be that, at its epoch. */
    public static ErrorCode mayFetch(ConsumerGroup group, OffsetFetchRequestGroup request) {
        if (request.memberId() == null && request.memberEpoch() < 0) {
            return ErrorCode.NONE;
        }
        ConsumerMember member = request.memberId() == null ? null : group.member(request.memberId());
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return request.memberEpoch() == member.current().epoch() ? ErrorCode.NONE : wrongEpoch(member);
    }
}
