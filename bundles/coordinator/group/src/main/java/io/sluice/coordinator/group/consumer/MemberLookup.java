package io.sluice.coordinator.group.consumer;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.api.PartitionId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which member a heartbeat is of.
 *
 * @param member that is there already, or null for a new one
 * @param replaced the static member in whose place it comes, or null
 * @param refusal why it may not go on, or null
 */
record MemberLookup(
        @Nullable ConsumerMember member,
        @Nullable ConsumerMember replaced,
        @Nullable HeartbeatOutcome refusal) {

    static MemberLookup of(
            ConsumerGroup group,
            String memberId,
            @Nullable String instanceId,
            int epoch,
            @Nullable Set<PartitionId> reported) {
        if (instanceId == null) {
            ConsumerMember member = group.member(memberId);
            if (member == null) {
                return epoch == 0 ? new MemberLookup(null, null, null) : unknown(group, memberId);
            }
            return fenced(member, epoch, reported);
        }
        ConsumerMember present = group.staticMember(instanceId);
        if (present == null) {
            return epoch == 0 ? new MemberLookup(group.member(memberId), null, null) : unknown(group, memberId);
        }
        if (epoch == 0) {
            return joining(present, instanceId);
        }
        return present.memberId().equals(memberId)
                ? fenced(present, epoch, reported)
                : new MemberLookup(null, null, HeartbeatOutcome.replaced(memberId, instanceId));
    }

    /**
     * An instance id is given on by a member that has gone away for a while, and by one that uses the classic protocol. Else not even the member itself
     * gets it anew, as in Kafka.
     */
    private static MemberLookup joining(ConsumerMember present, String instanceId) {
        boolean away = present.current().epoch() == ConsumerGroup.EPOCH_OF_ABSENT_STATIC_MEMBER;
        return away || present.metadata().isClassic()
                ? new MemberLookup(null, present, null)
                : refused(
                        ErrorCode.UNRELEASED_INSTANCE_ID,
                        "Member " + present.memberId() + " still uses instance id " + instanceId + ".");
    }

    /**
     * Of a member that joins by the classic protocol: one that does not say its id takes the place of whoever has its instance id.
     *
     * @param anonymous whether it did not say its id
     */
    static MemberLookup ofClassic(
            ConsumerGroup group, String memberId, boolean anonymous, @Nullable String instanceId) {
        if (instanceId == null) {
            return new MemberLookup(group.member(memberId), null, null);
        }
        ConsumerMember present = group.staticMember(instanceId);
        if (anonymous) {
            return new MemberLookup(null, present, null);
        }
        if (present == null) {
            return unknown(group, memberId);
        }
        return present.memberId().equals(memberId)
                ? new MemberLookup(present, null, null)
                : new MemberLookup(null, null, HeartbeatOutcome.replaced(memberId, instanceId));
    }

    /**
     * A member that comes with epoch 0 begins again, with nothing. One that comes with its previous epoch has not heard of the present one, which is
     * no harm as long as it has nothing that is not its own.
     */
    private static MemberLookup fenced(ConsumerMember member, int epoch, @Nullable Set<PartitionId> reported) {
        CurrentAssignment current = member.current();
        boolean lostAnswer = epoch == current.previousEpoch()
                && epoch < current.epoch()
                && reported != null
                && current.assigned().keySet().containsAll(reported);
        boolean readable = current.state() != MemberState.UNKNOWN || (reported != null && reported.isEmpty());
        if ((epoch == 0 || epoch == current.epoch() || lostAnswer) && readable) {
            return new MemberLookup(member, null, null);
        }
        return refused(
                ErrorCode.FENCED_MEMBER_EPOCH,
                "Epoch " + epoch + " of member " + member.memberId() + " is not its present one, " + current.epoch()
                        + "; it must give up its partitions and join again.");
    }

    private static MemberLookup unknown(ConsumerGroup group, String memberId) {
        return new MemberLookup(null, null, HeartbeatOutcome.noMember(group, memberId));
    }

    private static MemberLookup refused(ErrorCode error, String reason) {
        return new MemberLookup(null, null, HeartbeatOutcome.refused(error, reason));
    }
}
