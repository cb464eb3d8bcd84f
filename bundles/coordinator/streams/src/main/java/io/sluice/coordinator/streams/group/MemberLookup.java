package io.sluice.coordinator.streams.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.streams.task.Tasks;
import org.jspecify.annotations.Nullable;

/**
 * Which member a heartbeat is of.
 *
 * @param member that is there already, or null for a new one
 * @param replaced the static member in whose place it comes, or null
 * @param refusal why it may not go on, or null
 */
record MemberLookup(
        @Nullable StreamsMember member,
        @Nullable StreamsMember replaced,
        @Nullable HeartbeatOutcome refusal) {
    private static final MemberLookup NEW = new MemberLookup(null, null, null);

    /** @param owned what the member says that it has; null when it does not say */
    static MemberLookup of(
            @Nullable StreamsGroup group,
            String memberId,
            @Nullable String instanceId,
            int epoch,
            @Nullable Tasks owned) {
        if (group == null) {
            return NEW;
        }
        if (instanceId == null) {
            StreamsMember member = group.member(memberId);
            if (member == null) {
                return epoch == 0 ? NEW : refused(HeartbeatOutcome.noMember(group.groupId(), memberId));
            }
            return fenced(member, epoch, owned);
        }
        StreamsMember present = group.staticMember(instanceId);
        if (present == null) {
            return epoch == 0
                    ? new MemberLookup(group.member(memberId), null, null)
                    : refused(HeartbeatOutcome.noInstance(instanceId));
        }
        if (epoch == 0) {
            return joining(present, memberId, instanceId);
        }
        return present.memberId().equals(memberId)
                ? fenced(present, epoch, owned)
                : refused(HeartbeatOutcome.replaced(memberId, instanceId, present.memberId()));
    }

    /** An instance id is given on by a member that has gone away for a while. Else not even the member itself gets it anew, as in Kafka. */
    private static MemberLookup joining(StreamsMember present, String memberId, String instanceId) {
        return present.epoch() == StreamsGroup.EPOCH_OF_ABSENT_STATIC_MEMBER
                ? new MemberLookup(null, present, null)
                : refused(HeartbeatOutcome.refused(
                        ErrorCode.UNRELEASED_INSTANCE_ID,
                        "Static member " + memberId + " with instance id " + instanceId
                                + " cannot join the group because the instance id is owned by " + present.memberId()
                                + " member."));
    }

    /**
     * A member that comes with epoch 0 begins again, with nothing. One that comes with its previous epoch has not heard of the present one, which is
     * no harm as long as it has nothing that is not its own.
     */
    private static MemberLookup fenced(StreamsMember member, int epoch, @Nullable Tasks owned) {
        CurrentTasks current = member.current();
        boolean lostAnswer = epoch == current.previousEpoch()
                && epoch < current.epoch()
                && owned != null
                && current.tasks().containsAll(owned);
        boolean readable = current.state() != MemberState.UNKNOWN || (owned != null && owned.isEmpty());
        if ((epoch == 0 || epoch == current.epoch() || lostAnswer) && readable) {
            return new MemberLookup(member, null, null);
        }
        return refused(HeartbeatOutcome.refused(
                ErrorCode.FENCED_MEMBER_EPOCH,
                "The streams group member has a " + (epoch > current.epoch() ? "greater" : "smaller")
                        + " member epoch (" + epoch + ") than the one known by the group coordinator ("
                        + current.epoch() + "). The member must abandon all its partitions and rejoin."));
    }

    private static MemberLookup refused(HeartbeatOutcome outcome) {
        return new MemberLookup(null, null, outcome);
    }
}
