package io.sluice.coordinator.group.classic;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.coordinator.group.record.GroupMetadataRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.HeartbeatRequest;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupRequest;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.SyncGroupRequest;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.List;
import java.util.function.Supplier;

/** The requests of members of classic groups. For one state machine, which replays records into the groups it is given. */
public final class Membership implements MigratingGroups {
    private final ClassicGroups groups;
    private final MixedGroups mixed;
    private final Sessions sessions;
    private final Rebalances rebalances;
    private final Joins joins;
    private final Syncs syncs;
    private final Leaves leaves;
    private final Supplier<GroupLimits> limits;

    public Membership(
            ClassicGroups groups,
            MixedGroups mixed,
            RivalGroups rivals,
            Timers<GroupRecord> timers,
            RandomSource random,
            Supplier<GroupLimits> limits) {
        this.groups = groups;
        this.mixed = mixed;
        this.limits = limits;
        this.sessions = new Sessions(timers, this::sessionExpired);
        this.rebalances = new Rebalances(groups, timers, sessions, limits);
        this.joins = new Joins(groups, rivals, rebalances, sessions, random, limits);
        this.syncs = new Syncs(groups, rebalances);
        this.leaves = new Leaves(groups, rebalances, sessions);
    }

    public void join(
            Turn<GroupRecord> turn, JoinGroupRequest request, ClientContext client, Reply<JoinGroupResponse> reply) {
        if (mixed.has(request.groupId())) {
            mixed.join(turn, request, client, reply);
        } else {
            joins.join(turn, request, client, reply);
        }
    }

    public void sync(Turn<GroupRecord> turn, SyncGroupRequest request, Reply<SyncGroupResponse> reply) {
        if (mixed.has(request.groupId())) {
            mixed.sync(turn, request, reply);
        } else {
            syncs.sync(turn, request, reply);
        }
    }

    public void leave(Turn<GroupRecord> turn, LeaveGroupRequest request, Reply<LeaveGroupResponse> reply) {
        if (mixed.has(request.groupId())) {
            mixed.leave(turn, request, reply);
        } else {
            leaves.leave(turn, request, reply);
        }
    }

    public void heartbeat(Turn<GroupRecord> turn, HeartbeatRequest request, Reply<HeartbeatResponse> reply) {
        if (mixed.has(request.groupId())) {
            mixed.heartbeat(turn, request, reply);
        } else {
            turn.answer(
                    reply,
                    new HeartbeatResponse().setErrorCode(heartbeat(request).code()));
        }
    }

    @Override
    public void dissolve(Turn<GroupRecord> turn, ClassicGroup group) {
        rebalances.stop(group);
        for (String expected : group.pendingJoin()) {
            sessions.end(group, expected);
        }
        for (Member member : group.members()) {
            sessions.end(group, member.memberId());
            Rebalances.dismiss(turn, group, member, ErrorCode.REBALANCE_IN_PROGRESS);
        }
    }

    @Override
    public void adopt(Turn<GroupRecord> turn, ClassicGroup group, boolean rebalance) {
        groups.adopt(group);
        group.members().forEach(member -> sessions.renew(group, member));
        if (rebalance) {
            rebalances.prepare(turn, group);
        }
    }

    private ErrorCode heartbeat(HeartbeatRequest request) {
        ClassicGroup group = groups.find(request.groupId());
        if (group == null) {
            return ErrorCode.UNKNOWN_MEMBER_ID;
        }
        ErrorCode invalid = group.validate(request.memberId(), request.groupInstanceId());
        Member member = group.member(request.memberId());
        if (invalid != ErrorCode.NONE || member == null) {
            return invalid;
        }
        if (request.generationId() != group.generation()) {
            return ErrorCode.ILLEGAL_GENERATION;
        }
        renewSession(group, member);
        return group.is(GroupState.PREPARING_REBALANCE) ? ErrorCode.REBALANCE_IN_PROGRESS : ErrorCode.NONE;
    }

    /** Gives the id of a group without members free for another kind; false when it has members. */
    public boolean vacate(Turn<GroupRecord> turn, String groupId) {
        ClassicGroup group = groups.find(groupId);
        return group == null
                || (group.is(GroupState.EMPTY) && turn.write(List.of(new GroupMetadataRecord(groupId, null))));
    }

    /** A member has shown that it is alive. */
    public void renewSession(ClassicGroup group, Member member) {
        sessions.renew(group, member);
    }

    /** Sessions begin anew for every member that the log tells of; a group that is too large now must rebalance. */
    public void loaded(Turn<GroupRecord> turn) {
        groups.goLive();
        for (String groupId : groups.ids()) {
            ClassicGroup group = groups.find(groupId);
            if (group == null) {
                continue;
            }
            group.members().forEach(member -> sessions.renew(group, member));
            if (group.size() > limits.get().sizeMax()) {
                rebalances.prepare(turn, group);
            }
        }
    }

    /** Refuses every request that waits. */
    public void unloaded(ErrorCode error) {
        for (ClassicGroup group : groups.all()) {
            for (Member member : group.members()) {
                Reply<JoinGroupResponse> join = member.awaitingJoin;
                Reply<SyncGroupResponse> sync = member.awaitingSync;
                group.setAwaitingJoin(member, null);
                member.awaitingSync = null;
                if (join != null) {
                    join.refuse(error);
                }
                if (sync != null) {
                    sync.refuse(error);
                }
            }
        }
    }

    private void sessionExpired(Turn<GroupRecord> turn, String groupId, String memberId) {
        ClassicGroup group = groups.find(groupId);
        if (group == null) {
            return;
        }
        if (group.isPendingJoin(memberId)) {
            group.remove(memberId);
            rebalances.completeJoinIfAllJoined(turn, group);
            return;
        }
        Member member = group.member(memberId);
        if (member == null || member.isExcused()) {
            return;
        }
        group.remove(memberId);
        Rebalances.dismiss(turn, group, member, ErrorCode.UNKNOWN_MEMBER_ID);
        rebalances.memberLeft(turn, group);
    }
}
