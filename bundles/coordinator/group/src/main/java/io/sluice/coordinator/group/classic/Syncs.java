package io.sluice.coordinator.group.classic;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SyncGroup: the leader brings the assignment, which is written; everybody gets their share. For one state machine. */
final class Syncs {
    private final ClassicGroups groups;
    private final Rebalances rebalances;

    Syncs(ClassicGroups groups, Rebalances rebalances) {
        this.groups = groups;
        this.rebalances = rebalances;
    }

    void sync(Turn<GroupRecord> turn, SyncGroupRequest request, Reply<SyncGroupResponse> reply) {
        ClassicGroup group = groups.find(request.groupId());
        ErrorCode refusal = group == null ? ErrorCode.UNKNOWN_MEMBER_ID : refusal(group, request);
        if (group == null || refusal != ErrorCode.NONE) {
            turn.answer(reply, Rebalances.refusedSync(refusal));
            return;
        }
        Member member = java.util.Objects.requireNonNull(group.member(request.memberId()));
        switch (group.state()) {
            case EMPTY -> turn.answer(reply, Rebalances.refusedSync(ErrorCode.UNKNOWN_MEMBER_ID));
            case PREPARING_REBALANCE -> turn.answer(reply, Rebalances.refusedSync(ErrorCode.REBALANCE_IN_PROGRESS));
            case COMPLETING_REBALANCE -> {
                Rebalances.answerSync(turn, member, Rebalances.refusedSync(ErrorCode.REBALANCE_IN_PROGRESS));
                member.awaitingSync = reply;
                rebalances.hasSynced(group, member.memberId());
                if (group.isLeader(member.memberId())) {
                    assign(turn, group, request);
                }
            }
            case STABLE -> {
                rebalances.hasSynced(group, member.memberId());
                turn.answer(reply, Rebalances.assigned(group, member));
            }
        }
    }

    private static ErrorCode refusal(ClassicGroup group, SyncGroupRequest request) {
        ErrorCode invalid = group.validate(request.memberId(), request.groupInstanceId());
        if (invalid != ErrorCode.NONE) {
            return invalid;
        }
        if (request.generationId() != group.generation()) {
            return ErrorCode.ILLEGAL_GENERATION;
        }
        boolean consistent = agrees(request.protocolType(), group.protocolType())
                && agrees(request.protocolName(), group.protocolName());
        return consistent ? ErrorCode.NONE : ErrorCode.INCONSISTENT_GROUP_PROTOCOL;
    }

    private static boolean agrees(@Nullable String claimed, @Nullable String actual) {
        return claimed == null || claimed.equals(actual);
    }

    /** Members that the leader forgot get an empty assignment. */
    private void assign(Turn<GroupRecord> turn, ClassicGroup group, SyncGroupRequest request) {
        Map<String, byte[]> assignments = new HashMap<>();
        for (SyncGroupRequest.SyncGroupRequestAssignment assignment : request.assignments()) {
            assignments.put(assignment.memberId(), assignment.assignment());
        }
        GroupRecord record =
                GroupRecords.of(group, member -> assignments.getOrDefault(member.memberId(), Member.NO_ASSIGNMENT));
        if (!turn.write(List.of(record))) {
            rebalances.failSyncs(turn, group, ErrorCode.UNKNOWN_SERVER_ERROR);
            rebalances.prepare(turn, group);
            return;
        }
        for (Member member : group.members()) {
            member.setAssignment(assignments.getOrDefault(member.memberId(), Member.NO_ASSIGNMENT));
        }
        rebalances.shareOut(turn, group);
    }
}
