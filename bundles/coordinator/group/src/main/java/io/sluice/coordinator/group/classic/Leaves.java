package io.sluice.coordinator.group.classic;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.LeaveGroupRequest;
import io.sluice.protocol.message.LeaveGroupRequest.MemberIdentity;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.LeaveGroupResponse.MemberResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** LeaveGroup: members go, or an administrator puts static ones out by their instance id (KIP-345). For one state machine. */
final class Leaves {
    private final ClassicGroups groups;
    private final Rebalances rebalances;
    private final Sessions sessions;

    Leaves(ClassicGroups groups, Rebalances rebalances, Sessions sessions) {
        this.groups = groups;
        this.rebalances = rebalances;
        this.sessions = sessions;
    }

    void leave(Turn<GroupRecord> turn, LeaveGroupRequest request, Reply<LeaveGroupResponse> reply) {
        ClassicGroup group = groups.find(request.groupId());
        List<MemberResponse> responses = new ArrayList<>(request.members().size());
        boolean anyLeft = false;
        for (MemberIdentity identity : request.members()) {
            ErrorCode error = group == null ? ErrorCode.UNKNOWN_MEMBER_ID : remove(turn, group, identity);
            anyLeft |= error == ErrorCode.NONE;
            responses.add(new MemberResponse()
                    .setMemberId(identity.memberId())
                    .setGroupInstanceId(identity.groupInstanceId())
                    .setErrorCode(error.code()));
        }
        if (group != null && anyLeft) {
            rebalances.memberLeft(turn, group);
        }
        turn.answer(reply, new LeaveGroupResponse().setMembers(responses));
    }

    private ErrorCode remove(Turn<GroupRecord> turn, ClassicGroup group, MemberIdentity identity) {
        String memberId = identity.memberId();
        String instanceId = identity.groupInstanceId();
        if (memberId.isEmpty()) {
            return remove(turn, group, group.memberIdOf(instanceId));
        }
        if (group.isPendingJoin(memberId)) {
            return remove(turn, group, memberId);
        }
        ErrorCode invalid = group.validate(memberId, instanceId);
        return invalid == ErrorCode.NONE ? remove(turn, group, memberId) : invalid;
    }

    private ErrorCode remove(Turn<GroupRecord> turn, ClassicGroup group, @Nullable String memberId) {
        if (memberId == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        sessions.end(group, memberId);
        Member removed = group.remove(memberId);
        if (removed != null) {
            Rebalances.dismiss(turn, group, removed, ErrorCode.UNKNOWN_MEMBER_ID);
        }
        return ErrorCode.NONE;
    }
}
