package io.sluice.coordinator.streams.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.coordinator.api.CommitClaim;
import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.topology.Subtopology;
import io.sluice.coordinator.streams.topology.Topology;
import org.jspecify.annotations.Nullable;

/** Who may commit and read the offsets of a streams group. Stateless. */
final class CommitRights {
    private static final short FIRST_VERSION_WITH_MEMBER_EPOCHS = 9;

    private CommitRights() {}

    /**
     * Members may commit at their epoch, or at an earlier one for tasks that they have had since then; anybody may while there are no members, and so
     * may producers that do not say for which member they commit.
     */
    static ErrorCode mayCommit(StreamsGroup group, CommitClaim claim) {
        int epoch = claim.memberEpoch();
        if (epoch < 0 && group.isEmpty()) {
            return ErrorCode.NONE;
        }
        if (claim.transactional() && epoch == -1 && claim.memberId().isEmpty() && claim.instanceId() == null) {
            return ErrorCode.NONE;
        }
        StreamsMember member = group.member(claim.memberId());
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        if (!claim.transactional() && claim.apiVersion() < FIRST_VERSION_WITH_MEMBER_EPOCHS) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        if (epoch == member.epoch()) {
            return ErrorCode.NONE;
        }
        Topology topology = group.topology();
        return epoch < member.epoch() && topology != null && hasAllSince(topology, member.current(), claim, epoch)
                ? ErrorCode.NONE
                : ErrorCode.STALE_MEMBER_EPOCH;
    }

    private static boolean hasAllSince(Topology topology, CurrentTasks current, CommitClaim claim, int epoch) {
        for (TopicIdPartition partition : claim.partitions()) {
            Subtopology reader = topology.reader(partition.topic());
            Integer since = reader == null ? null : current.since(new TaskId(reader.id(), partition.partition()));
            if (since == null || epoch < since) {
                return false;
            }
        }
        return true;
    }

    /** Whoever says which member it is must be that, at its epoch. */
    static ErrorCode mayFetch(StreamsGroup group, @Nullable String memberId, int epoch) {
        if (memberId == null && epoch < 0) {
            return ErrorCode.NONE;
        }
        StreamsMember member = memberId == null ? null : group.member(memberId);
        if (member == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        return epoch == member.epoch() ? ErrorCode.NONE : ErrorCode.STALE_MEMBER_EPOCH;
    }
}
