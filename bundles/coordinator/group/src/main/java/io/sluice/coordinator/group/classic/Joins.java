package io.sluice.coordinator.group.classic;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.JoinGroupRequest;
import io.sluice.protocol.message.JoinGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * JoinGroup: members come, come again, or come back under their instance id (KIP-345). For one state machine.
 *
 * <p>From version 4 a new dynamic member is first told its id and must come again with it (KIP-394), so that a lost answer leaves no ghost behind.
 */
final class Joins {
    private static final short FIRST_VERSION_WITH_REBALANCE_TIMEOUT = 1;
    private static final short FIRST_VERSION_WITH_MEMBER_ID_REQUIRED = 4;
    private static final short FIRST_VERSION_WITH_SKIP_ASSIGNMENT = 9;

    private final ClassicGroups groups;
    private final RivalGroups rivals;
    private final Rebalances rebalances;
    private final Sessions sessions;
    private final RandomSource random;
    private final Supplier<GroupLimits> limits;

    Joins(
            ClassicGroups groups,
            RivalGroups rivals,
            Rebalances rebalances,
            Sessions sessions,
            RandomSource random,
            Supplier<GroupLimits> limits) {
        this.groups = groups;
        this.rivals = rivals;
        this.rebalances = rebalances;
        this.sessions = sessions;
        this.random = random;
        this.limits = limits;
    }

    /** One request on its way. */
    private record Join(
            Turn<GroupRecord> turn, JoinGroupRequest request, ClientContext client, Reply<JoinGroupResponse> reply) {
        void refuse(String memberId, ErrorCode error) {
            turn.answer(reply, Rebalances.refusedJoin(memberId, error));
        }

        void answer(JoinGroupResponse response) {
            turn.answer(reply, response);
        }

        int rebalanceTimeoutMs() {
            return client.version() < FIRST_VERSION_WITH_REBALANCE_TIMEOUT
                    ? request.sessionTimeoutMs()
                    : request.rebalanceTimeoutMs();
        }

        List<JoinProtocol> protocols() {
            List<JoinProtocol> protocols = new ArrayList<>(request.protocols().size());
            for (JoinGroupRequest.JoinGroupRequestProtocol protocol : request.protocols()) {
                protocols.add(new JoinProtocol(protocol.name(), protocol.metadata()));
            }
            return protocols;
        }
    }

    void join(Turn<GroupRecord> turn, JoinGroupRequest request, ClientContext client, Reply<JoinGroupResponse> reply) {
        Join join = new Join(turn, request, client, reply);
        String groupId = request.groupId();
        String memberId = request.memberId();
        boolean isNewGroup = !groups.contains(groupId);
        if (isNewGroup && !memberId.isEmpty()) {
            boolean foreign = groups.isReserved(groupId);
            join.refuse(
                    foreign ? "" : memberId,
                    foreign ? ErrorCode.INCONSISTENT_GROUP_PROTOCOL : ErrorCode.UNKNOWN_MEMBER_ID);
            return;
        }
        if (isNewGroup && !rivals.vacate(turn, groupId)) {
            join.refuse("", ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
            return;
        }
        ClassicGroup group = groups.findOrCreate(groupId);
        if (isNewGroup) {
            group.transitionTo(GroupState.EMPTY, turn.nowMs());
        }
        if (!hasRoom(group, memberId)) {
            putOut(join, group, memberId);
        } else if (memberId.isEmpty()) {
            joinNew(join, group);
        } else {
            joinKnown(join, group, memberId);
        }
        if (isNewGroup) {
            keepNewborn(turn, group);
        }
    }

    private void putOut(Join join, ClassicGroup group, String memberId) {
        Member member = group.remove(memberId);
        sessions.end(group, memberId);
        if (member != null) {
            Rebalances.dismiss(join.turn(), group, member, ErrorCode.GROUP_MAX_SIZE_REACHED);
            rebalances.completeJoinIfAllJoined(join.turn(), group);
        }
        join.refuse("", ErrorCode.GROUP_MAX_SIZE_REACHED);
    }

    /** A new group is written down, so that its id is taken; one that came to nothing is forgotten. */
    private void keepNewborn(Turn<GroupRecord> turn, ClassicGroup group) {
        if (group.size() == 0 && group.pendingJoin().isEmpty()) {
            groups.forget(group.groupId());
        } else {
            turn.write(List.of(GroupRecords.newborn(group)));
        }
    }

    /**
     * While a rebalance is prepared, those who have joined are counted instead of all members: so the last to rejoin are left out of a group that
     * was larger than it may be now.
     */
    private boolean hasRoom(ClassicGroup group, String memberId) {
        int sizeMax = limits.get().sizeMax();
        Member present = group.member(memberId);
        return switch (group.state()) {
            case EMPTY -> true;
            case PREPARING_REBALANCE ->
                (present != null && present.isAwaitingJoin()) || group.awaitingJoinCount() < sizeMax;
            case COMPLETING_REBALANCE, STABLE -> present != null || group.size() < sizeMax;
        };
    }

    private void joinNew(Join join, ClassicGroup group) {
        JoinGroupRequest request = join.request();
        if (!group.accepts(request.protocolType(), join.protocols())) {
            join.refuse("", ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
            return;
        }
        String instanceId = request.groupInstanceId();
        String prefix = instanceId == null ? join.client().clientId() : instanceId;
        String memberId = prefix + "-" + randomUuid();
        Member former = formerOf(group, instanceId);
        if (former != null) {
            replace(join, group, former, memberId);
        } else if (instanceId == null && join.client().version() >= FIRST_VERSION_WITH_MEMBER_ID_REQUIRED) {
            group.addPendingJoin(memberId);
            sessions.begin(group, memberId, request.sessionTimeoutMs());
            join.refuse(memberId, ErrorCode.MEMBER_ID_REQUIRED);
        } else {
            add(join, group, memberId);
        }
    }

    /** A UUID of type 4. */
    private UUID randomUuid() {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
        return new UUID(high, low);
    }

    private static @Nullable Member formerOf(ClassicGroup group, @Nullable String instanceId) {
        String formerId = group.memberIdOf(instanceId);
        return formerId == null ? null : group.member(formerId);
    }

    private void joinKnown(Join join, ClassicGroup group, String memberId) {
        JoinGroupRequest request = join.request();
        if (!group.accepts(request.protocolType(), join.protocols())) {
            join.refuse(memberId, ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
            return;
        }
        if (group.isPendingJoin(memberId) && request.groupInstanceId() == null) {
            add(join, group, memberId);
            return;
        }
        ErrorCode invalid = group.validate(memberId, request.groupInstanceId());
        Member member = group.member(memberId);
        if (invalid != ErrorCode.NONE || member == null) {
            join.refuse(memberId, invalid);
            return;
        }
        boolean same = member.protocols().equals(join.protocols());
        switch (group.state()) {
            case PREPARING_REBALANCE -> update(join, group, member);
            case COMPLETING_REBALANCE -> {
                if (same) {
                    // The answer to the first join was lost, perhaps: it is given again.
                    join.answer(Rebalances.joined(
                            group,
                            member,
                            group.leaderId(),
                            false,
                            group.isLeader(memberId) ? Rebalances.describe(group) : List.of()));
                } else {
                    update(join, group, member);
                }
            }
            case STABLE -> {
                if (same && !group.isLeader(memberId)) {
                    join.answer(Rebalances.joined(group, member, group.leaderId(), false, List.of()));
                } else {
                    update(join, group, member);
                }
            }
            case EMPTY -> join.refuse("", ErrorCode.UNKNOWN_MEMBER_ID);
        }
    }

    private void add(Join join, ClassicGroup group, String memberId) {
        JoinGroupRequest request = join.request();
        Member member = new Member(
                memberId,
                request.groupInstanceId(),
                join.client().clientId(),
                join.client().clientHost(),
                join.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                join.protocols());
        member.setFresh(true);
        if (group.is(GroupState.PREPARING_REBALANCE) && group.previousState() == GroupState.EMPTY) {
            group.setNewMemberAdded(true);
        }
        group.add(member, request.protocolType());
        group.setAwaitingJoin(member, join.reply());
        sessions.begin(group, memberId, Sessions.NEW_MEMBER_TIMEOUT_MS);
        rebalances.rebalance(join.turn(), group);
    }

    private void update(Join join, ClassicGroup group, Member member) {
        await(join, group, member);
        rebalances.rebalance(join.turn(), group);
    }

    /** Takes what the member says of itself, and lets it wait; an earlier request of it that still waits is told to come again. */
    private static void await(Join join, ClassicGroup group, Member member) {
        member.update(
                join.protocols(), join.rebalanceTimeoutMs(), join.request().sessionTimeoutMs());
        Rebalances.answerJoin(
                join.turn(), group, member, Rebalances.refusedJoin(member.memberId(), ErrorCode.REBALANCE_IN_PROGRESS));
        group.setAwaitingJoin(member, join.reply());
    }

    /** A static member has restarted: its successor takes its place, and a rebalance is needed only if the protocol would change. */
    private void replace(Join join, ClassicGroup group, Member former, String memberId) {
        JoinGroupRequest request = join.request();
        String formerLeader = group.leaderId();
        Rebalances.dismiss(join.turn(), group, former, ErrorCode.FENCED_INSTANCE_ID);
        Member successor = new Member(
                memberId,
                request.groupInstanceId(),
                join.client().clientId(),
                join.client().clientHost(),
                join.rebalanceTimeoutMs(),
                request.sessionTimeoutMs(),
                join.protocols());
        group.replaceStatic(former, successor);
        String chosen = group.selectProtocol();
        if (!group.is(GroupState.STABLE) || chosen == null || !chosen.equals(group.protocolName())) {
            sessions.end(group, former.memberId());
            sessions.renew(group, successor);
            group.setAwaitingJoin(successor, join.reply());
            if (group.is(GroupState.PREPARING_REBALANCE)) {
                rebalances.completeJoinIfAllJoined(join.turn(), group);
            } else {
                rebalances.prepare(join.turn(), group);
            }
            return;
        }
        if (!join.turn().write(List.of(GroupRecords.of(group)))) {
            group.replaceStatic(successor, former);
            join.refuse("", ErrorCode.UNKNOWN_SERVER_ERROR);
            return;
        }
        sessions.end(group, former.memberId());
        sessions.renew(group, successor);
        if (join.client().version() >= FIRST_VERSION_WITH_SKIP_ASSIGNMENT) {
            // KIP-814: the leader knows that it leads, and that there is nothing to assign.
            boolean leads = group.isLeader(memberId);
            join.answer(Rebalances.joined(
                    group, successor, group.leaderId(), leads, leads ? Rebalances.describe(group) : List.of()));
        } else {
            // The former leader's id is told, so that the successor does not think it has to assign.
            join.answer(Rebalances.joined(group, successor, formerLeader, false, List.of()));
        }
    }
}
