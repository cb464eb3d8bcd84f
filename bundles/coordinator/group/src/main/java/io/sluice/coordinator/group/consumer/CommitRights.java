package io.sluice.coordinator.group.consumer;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.assignor.PartitionId;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.sluice.protocol.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.sluice.protocol.message.OffsetFetchRequest.OffsetFetchRequestGroup;

/** Who may commit and read the offsets of a consumer group. */
public final class CommitRights {
    private static final short FIRST_VERSION_WITH_MEMBER_EPOCHS = 9;

    private CommitRights() {}

    /**
     * Members may commit at their epoch, or at an earlier one for partitions that they have had since then; anybody may while there are no members.
     */
    public static ErrorCode mayCommit(ConsumerGroup group, OffsetCommitRequest request, short version) {
        int epoch = request.generationIdOrMemberEpoch();
        if (epoch < 0 && group.isEmpty()) {
            return ErrorCode.NONE;
        }
        ConsumerMember member = group.member(request.memberId());
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        if (version < FIRST_VERSION_WITH_MEMBER_EPOCHS) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        CurrentAssignment current = member.current();
        if (epoch == current.epoch()) {
            return ErrorCode.NONE;
        }
        return epoch < current.epoch() && hasAllSince(current, request, epoch)
                ? ErrorCode.NONE
                : ErrorCode.STALE_MEMBER_EPOCH;
    }

    private static boolean hasAllSince(CurrentAssignment current, OffsetCommitRequest request, int epoch) {
        for (OffsetCommitRequestTopic topic : request.topics()) {
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                PartitionId id = new PartitionId(topic.topicId(), partition.partitionIndex());
                Integer since =
                        current.assigned().getOrDefault(id, current.revoking().get(id));
                if (since == null || epoch < since) {
                    return false;
                }
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
        return request.memberEpoch() == member.current().epoch() ? ErrorCode.NONE : ErrorCode.STALE_MEMBER_EPOCH;
    }
}
