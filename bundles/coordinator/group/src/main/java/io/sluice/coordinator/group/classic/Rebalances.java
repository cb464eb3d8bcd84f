package io.sluice.coordinator.group.classic;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.JoinGroupResponse.JoinGroupResponseMember;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The two phases of a rebalance: members join until all are there or the time is over, then sync until all have the leader's assignment. For one
 * state machine.
 */
final class Rebalances {
    private record JoinTimer(String groupId) {}

    private record SyncTimer(String groupId) {}

    private final ClassicGroups groups;
    private final Timers<GroupRecord> timers;
    private final Sessions sessions;
    private final Supplier<GroupLimits> limits;

    Rebalances(ClassicGroups groups, Timers<GroupRecord> timers, Sessions sessions, Supplier<GroupLimits> limits) {
        this.groups = groups;
        this.timers = timers;
        this.sessions = sessions;
        this.limits = limits;
    }

    /** A member came or changed: a rebalance begins, or the one that is being prepared may be complete now. */
    void rebalance(Turn<GroupRecord> turn, ClassicGroup group) {
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            completeJoinIfAllJoined(turn, group);
        } else {
            prepare(turn, group);
        }
    }

    /** A member went: whoever is left must rebalance, if there was an assignment to share out. */
    void memberLeft(Turn<GroupRecord> turn, ClassicGroup group) {
        switch (group.state()) {
            case STABLE, COMPLETING_REBALANCE -> prepare(turn, group);
            case PREPARING_REBALANCE -> completeJoinIfAllJoined(turn, group);
            case EMPTY -> {}
        }
    }

    /** The group is no more, or not of this protocol. */
    void stop(ClassicGroup group) {
        timers.cancel(new JoinTimer(group.groupId()));
        timers.cancel(new SyncTimer(group.groupId()));
    }

    void prepare(Turn<GroupRecord> turn, ClassicGroup group) {
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            failSyncs(turn, group, ErrorCode.REBALANCE_IN_PROGRESS);
        }
        timers.cancel(new SyncTimer(group.groupId()));
        boolean initial = group.is(GroupState.EMPTY);
        group.transitionTo(GroupState.PREPARING_REBALANCE, turn.nowMs());
        if (initial) {
            int delayMs = limits.get().initialRebalanceDelayMs();
            armInitial(group, delayMs, Math.max(group.rebalanceTimeoutMs() - delayMs, 0));
        } else if (group.allHaveJoined()) {
            completeJoin(turn, group);
        } else {
            armJoin(group);
        }
    }

    /** An empty group waits for more members, as long as some keep coming, up to the rebalance timeout. */
    private void armInitial(ClassicGroup group, int delayMs, int remainingMs) {
        String groupId = group.groupId();
        timers.set(new JoinTimer(groupId), delayMs, turn -> {
            ClassicGroup waiting = groups.find(groupId);
            if (waiting == null) {
                return;
            }
            if (waiting.isNewMemberAdded() && remainingMs > 0) {
                waiting.setNewMemberAdded(false);
                int nextMs = Math.min(limits.get().initialRebalanceDelayMs(), remainingMs);
                armInitial(waiting, nextMs, Math.max(remainingMs - nextMs, 0));
            } else {
                completeJoin(turn, waiting);
            }
        });
    }

    private void armJoin(ClassicGroup group) {
        String groupId = group.groupId();
        timers.set(new JoinTimer(groupId), group.rebalanceTimeoutMs(), turn -> {
            ClassicGroup waiting = groups.find(groupId);
            if (waiting != null) {
                completeJoin(turn, waiting);
            }
        });
    }

    void completeJoinIfAllJoined(Turn<GroupRecord> turn, ClassicGroup group) {
        if (group.is(GroupState.PREPARING_REBALANCE)
                && group.previousState() != GroupState.EMPTY
                && group.allHaveJoined()) {
            completeJoin(turn, group);
        }
    }

    private void completeJoin(Turn<GroupRecord> turn, ClassicGroup group) {
        if (!group.is(GroupState.PREPARING_REBALANCE)) {
            return;
        }
        timers.cancel(new JoinTimer(group.groupId()));
        for (String late : group.dynamicMembersNotJoined()) {
            group.remove(late);
            sessions.end(group, late);
        }
        if (group.size() > 0 && !group.electJoinedLeader()) {
            // Static members only, none of which has rejoined: their sessions decide when the rebalance ends.
            armJoin(group);
            return;
        }
        group.beginNextGeneration(turn.nowMs());
        if (group.is(GroupState.EMPTY)) {
            turn.write(List.of(GroupRecords.of(group)));
            return;
        }
        for (Member member : new ArrayList<>(group.members())) {
            List<JoinGroupResponseMember> members = group.isLeader(member.memberId()) ? describe(group) : List.of();
            answerJoin(turn, group, member, joined(group, member, group.leaderId(), false, members));
            sessions.renew(group, member);
            member.setFresh(false);
            group.pendingSync().add(member.memberId());
        }
        armSync(group);
    }

    /** Members that joined but never sync hold the others up: they are put out. */
    private void armSync(ClassicGroup group) {
        String groupId = group.groupId();
        int generation = group.generation();
        timers.set(new SyncTimer(groupId), group.rebalanceTimeoutMs(), turn -> {
            ClassicGroup waiting = groups.find(groupId);
            if (waiting == null || waiting.generation() != generation) {
                return;
            }
            if (!waiting.pendingSync().isEmpty()) {
                for (String silent : List.copyOf(waiting.pendingSync())) {
                    waiting.remove(silent);
                    sessions.end(waiting, silent);
                }
                prepare(turn, waiting);
            }
        });
    }

    void hasSynced(ClassicGroup group, String memberId) {
        group.pendingSync().remove(memberId);
        if (group.pendingSync().isEmpty()) {
            timers.cancel(new SyncTimer(group.groupId()));
        }
    }

    // ---- answers

    static JoinGroupResponse joined(
            ClassicGroup group,
            Member member,
            @org.jspecify.annotations.Nullable String leader,
            boolean skipAssignment,
            List<JoinGroupResponseMember> members) {
        return new JoinGroupResponse()
                .setMembers(members)
                .setMemberId(member.memberId())
                .setGenerationId(group.generation())
                .setProtocolName(group.protocolName())
                .setProtocolType(group.protocolType())
                .setLeader(leader == null ? "" : leader)
                .setSkipAssignment(skipAssignment);
    }

    /** The members with their metadata, which the leader needs to assign. */
    static List<JoinGroupResponseMember> describe(ClassicGroup group) {
        List<JoinGroupResponseMember> members = new ArrayList<>(group.size());
        for (Member member : group.members()) {
            members.add(new JoinGroupResponseMember()
                    .setMemberId(member.memberId())
                    .setGroupInstanceId(member.instanceId())
                    .setMetadata(member.metadata(group.protocolName())));
        }
        return members;
    }

    static JoinGroupResponse refusedJoin(String memberId, ErrorCode error) {
        return new JoinGroupResponse()
                .setMemberId(memberId)
                .setErrorCode(error.code())
                .setProtocolName(null);
    }

    static SyncGroupResponse refusedSync(ErrorCode error) {
        return new SyncGroupResponse().setErrorCode(error.code());
    }

    static void answerJoin(Turn<GroupRecord> turn, ClassicGroup group, Member member, JoinGroupResponse response) {
        Reply<JoinGroupResponse> waiting = member.awaitingJoin;
        if (waiting != null) {
            group.setAwaitingJoin(member, null);
            turn.answer(waiting, response);
        }
    }

    static void answerSync(Turn<GroupRecord> turn, Member member, SyncGroupResponse response) {
        Reply<SyncGroupResponse> waiting = member.awaitingSync;
        if (waiting != null) {
            member.awaitingSync = null;
            turn.answer(waiting, response);
        }
    }

    /** Tells a member that is no more what its waiting requests came to. */
    static void dismiss(Turn<GroupRecord> turn, ClassicGroup group, Member member, ErrorCode error) {
        answerJoin(turn, group, member, refusedJoin(member.memberId(), error));
        answerSync(turn, member, refusedSync(error));
    }

    /** Every member that waits for its assignment is answered with it, and the group is stable. */
    void shareOut(Turn<GroupRecord> turn, ClassicGroup group) {
        group.transitionTo(GroupState.STABLE, turn.nowMs());
        for (Member member : group.members()) {
            if (member.awaitingSync != null) {
                answerSync(turn, member, assigned(group, member));
                sessions.renew(group, member);
            }
        }
    }

    static SyncGroupResponse assigned(ClassicGroup group, Member member) {
        return new SyncGroupResponse()
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocolName())
                .setAssignment(member.assignment());
    }

    void failSyncs(Turn<GroupRecord> turn, ClassicGroup group, ErrorCode error) {
        for (Member member : group.members()) {
            member.setAssignment(Member.NO_ASSIGNMENT);
            if (member.awaitingSync != null) {
                answerSync(turn, member, refusedSync(error));
                sessions.renew(group, member);
            }
        }
    }
}
