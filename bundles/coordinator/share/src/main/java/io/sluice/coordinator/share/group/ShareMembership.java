package io.sluice.coordinator.share.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.ShareState;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.protocol.message.ShareGroupHeartbeatRequest;
import io.sluice.protocol.message.ShareGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members of share groups: they come, say that they are there, and go. For one state machine.
 *
 * <p>A partition is given to members once the share coordinator keeps a state of it. Whoever joins is answered when that is so for all that the group
 * reads, and the targets have been made, so that it begins to read at once; all others learn of a new target with their next heartbeat.
 */
public final class ShareMembership {
    private static final Logger LOG = LoggerFactory.getLogger(ShareMembership.class);
    private static final long RETRY_MS = 1_000L;

    private final ShareGroupTable groups;
    private final GroupKindContext<ShareGroupState> context;
    private final StateKeeping keeping;
    private final ShareGroupListener listener;
    private final Map<String, List<Join>> joining = new HashMap<>();
    private final Set<SharePartitionKey> beginning = new HashSet<>();

    /** A member that waits for its first target. */
    private record Join(String memberId, Reply<ShareGroupHeartbeatResponse> reply) {}

    private record SessionTimer(String groupId, String memberId) {}

    private record AssignTimer(String groupId) {}

    private record InitializeTimer(String groupId) {}

    ShareMembership(
            ShareGroupTable groups,
            GroupKindContext<ShareGroupState> context,
            StateKeeping keeping,
            ShareGroupListener listener) {
        this.groups = groups;
        this.context = context;
        this.keeping = keeping;
        this.listener = listener;
    }

    void loaded() {
        for (ShareGroup group : groups.all()) {
            for (ShareMember member : group.members()) {
                beginSession(group.groupId(), member.memberId());
            }
            initialize(group);
        }
    }

    void unloaded(ErrorCode error) {
        joining.values().forEach(joins -> joins.forEach(join -> join.reply().refuse(error)));
        joining.clear();
    }

    // ---- heartbeats

    /** Handles a heartbeat; a join may be answered in a later turn. */
    public void heartbeat(
            Turn<KindRecord> turn,
            ShareGroupHeartbeatRequest request,
            ClientContext client,
            Reply<ShareGroupHeartbeatResponse> reply) {
        ShareGroupHeartbeatResponse invalid = HeartbeatChecks.invalid(request);
        if (invalid != null) {
            turn.answer(reply, invalid);
        } else if (request.memberEpoch() == HeartbeatChecks.LEAVE_EPOCH) {
            leave(turn, request, reply);
        } else {
            stay(turn, request, client, reply);
        }
    }

    private void leave(
            Turn<KindRecord> turn, ShareGroupHeartbeatRequest request, Reply<ShareGroupHeartbeatResponse> reply) {
        ShareGroup group = groups.find(request.groupId());
        if (group == null) {
            turn.answer(reply, notFound(request.groupId()));
        } else if (group.member(request.memberId()) == null) {
            turn.answer(reply, unknown(request));
        } else {
            remove(turn, group, request.memberId());
            turn.answer(
                    reply,
                    new ShareGroupHeartbeatResponse()
                            .setMemberId(request.memberId())
                            .setMemberEpoch(HeartbeatChecks.LEAVE_EPOCH));
        }
    }

    private void stay(
            Turn<KindRecord> turn,
            ShareGroupHeartbeatRequest request,
            ClientContext client,
            Reply<ShareGroupHeartbeatResponse> reply) {
        boolean joins = request.memberEpoch() == HeartbeatChecks.JOIN_EPOCH;
        ShareGroup group = groups.find(request.groupId());
        ShareMember member = group == null ? null : group.member(request.memberId());
        ShareGroupHeartbeatResponse refusal = refusal(request, group, member);
        if (refusal != null) {
            turn.answer(reply, refusal);
            return;
        }
        PartitionSet known = member == null ? PartitionSet.EMPTY : member.assigned();
        boolean written = describe(turn, request, client, group, member);
        ShareGroup now = groups.find(request.groupId());
        ShareMember present = now == null ? null : now.member(request.memberId());
        if (!written || now == null || present == null) {
            turn.answer(reply, HeartbeatChecks.refused(ErrorCode.UNKNOWN_SERVER_ERROR, null));
            return;
        }
        beginSession(request.groupId(), request.memberId());
        wantStates(turn, now);
        assignIfDue(turn, now);
        if (joins && !isSettled(now)) {
            joining.computeIfAbsent(request.groupId(), id -> new ArrayList<>())
                    .add(new Join(request.memberId(), reply));
            return;
        }
        boolean full = joins || request.subscribedTopicNames() != null || request.memberEpoch() != present.epoch();
        answer(turn, now, present, known, full, reply);
    }

    /** An id that a group of another kind has stays that group's, with members or without, as in Kafka: its offsets would be lost to it. */
    private @Nullable ShareGroupHeartbeatResponse refusal(
            ShareGroupHeartbeatRequest request, @Nullable ShareGroup group, @Nullable ShareMember member) {
        boolean joins = request.memberEpoch() == HeartbeatChecks.JOIN_EPOCH;
        if (group == null) {
            if (!joins) {
                return notFound(request.groupId());
            }
            return context.isTaken(request.groupId())
                    ? HeartbeatChecks.refused(
                            ErrorCode.GROUP_ID_NOT_FOUND, "Group " + request.groupId() + " is not a share group.")
                    : null;
        }
        if (member == null) {
            if (!joins) {
                return unknown(request);
            }
            int most = number(context.config("group.share.max.size"), 200);
            return group.members().size() >= most
                    ? HeartbeatChecks.refused(
                            ErrorCode.GROUP_MAX_SIZE_REACHED,
                            "The share group has reached its maximum capacity of " + most + " members.")
                    : null;
        }
        return joins ? null : HeartbeatChecks.fenced(member, request.memberEpoch());
    }

    private static ShareGroupHeartbeatResponse notFound(String groupId) {
        return HeartbeatChecks.refused(ErrorCode.GROUP_ID_NOT_FOUND, "Group " + groupId + " not found.");
    }

    private static ShareGroupHeartbeatResponse unknown(ShareGroupHeartbeatRequest request) {
        return HeartbeatChecks.refused(
                ErrorCode.UNKNOWN_MEMBER_ID,
                "Member " + request.memberId() + " is not a member of group " + request.groupId() + ".");
    }

    /** Writes what is new of a member, and a new epoch of the group where that matters to others. */
    private boolean describe(
            Turn<KindRecord> turn,
            ShareGroupHeartbeatRequest request,
            ClientContext client,
            @Nullable ShareGroup group,
            @Nullable ShareMember member) {
        List<String> asked = request.subscribedTopicNames();
        List<String> topics =
                asked != null ? List.copyOf(new TreeSet<>(asked)) : member == null ? List.of() : member.topics();
        String rackId = request.rackId() != null ? request.rackId() : member == null ? null : member.rackId();
        boolean changed = member == null
                || !member.topics().equals(topics)
                || !Objects.equals(member.rackId(), rackId)
                || !member.clientId().equals(client.clientId())
                || !member.clientHost().equals(client.host());
        boolean matters =
                member == null || member.epoch() == 0 || !member.topics().equals(topics);
        boolean written = !changed
                || turn.write(List.of(ShareGroupRecords.member(
                        request.groupId(), request.memberId(), rackId, client.clientId(), client.host(), topics)));
        ShareGroup now = groups.find(request.groupId());
        if (written && now != null && (matters || group == null)) {
            written = bump(turn, now);
        }
        return written;
    }

    private boolean bump(Turn<KindRecord> turn, ShareGroup group) {
        long hash = new SubscribedTopics(context.image(), group).hash();
        return turn.write(List.of(ShareGroupRecords.group(group.groupId(), group.epoch() + 1, hash)));
    }

    private void answer(
            Turn<KindRecord> turn,
            ShareGroup group,
            ShareMember member,
            PartitionSet known,
            boolean full,
            Reply<ShareGroupHeartbeatResponse> reply) {
        if (!Assignments.reconcile(turn, group, member, context.image())) {
            turn.answer(reply, HeartbeatChecks.refused(ErrorCode.UNKNOWN_SERVER_ERROR, null));
            return;
        }
        ShareGroupHeartbeatResponse response = new ShareGroupHeartbeatResponse()
                .setMemberId(member.memberId())
                .setMemberEpoch(member.epoch())
                .setHeartbeatIntervalMs(
                        number(context.groupConfig(group.groupId(), "share.heartbeat.interval.ms"), 5_000));
        if (full || !known.equals(member.assigned())) {
            response.setAssignment(new ShareGroupHeartbeatResponse.Assignment()
                    .setTopicPartitions(member.assigned()
                            .toList((id, partitions) -> new ShareGroupHeartbeatResponse.TopicPartitions()
                                    .setTopicId(id)
                                    .setPartitions(partitions))));
        }
        turn.answer(reply, response);
    }

    // ---- sessions

    private void beginSession(String groupId, String memberId) {
        long timeoutMs = number(context.groupConfig(groupId, "share.session.timeout.ms"), 45_000);
        context.timers().set(new SessionTimer(groupId, memberId), timeoutMs, turn -> {
            ShareGroup group = groups.find(groupId);
            if (group != null && group.member(memberId) != null) {
                LOG.info(
                        "member {} of share group {} was silent for {} ms and is removed",
                        memberId,
                        groupId,
                        timeoutMs);
                remove(turn, group, memberId);
            }
        });
    }

    private void remove(Turn<KindRecord> turn, ShareGroup group, String memberId) {
        context.timers().cancel(new SessionTimer(group.groupId(), memberId));
        turn.write(ShareGroupRecords.withoutMember(group.groupId(), memberId));
        bump(turn, group);
        assignIfDue(turn, group);
        List<Join> joins = joining.getOrDefault(group.groupId(), List.of());
        for (Join join : List.copyOf(joins)) {
            if (join.memberId().equals(memberId)) {
                joins.remove(join);
                turn.answer(join.reply(), HeartbeatChecks.refused(ErrorCode.UNKNOWN_MEMBER_ID, null));
            }
        }
        listener.memberGone(group.groupId(), memberId);
        if (group.isEmpty()) {
            listener.groupIdle(group.groupId());
        }
    }

    // ---- targets

    private boolean isSettled(ShareGroup group) {
        return group.states().initializing().isEmpty() && group.epoch() == group.assignmentEpoch();
    }

    /** Makes the targets unless they were made a moment ago; then they are made when that is over. */
    private void assignIfDue(Turn<KindRecord> turn, ShareGroup group) {
        boolean begins =
                group.assignmentEpoch() == 0 && !group.states().initializing().isEmpty();
        if (group.epoch() == group.assignmentEpoch() || begins) {
            // There is nothing to be given yet in a group that begins.
            return;
        }
        long intervalMs = number(context.groupConfig(group.groupId(), "share.assignment.interval.ms"), 1_000);
        long waitMs = group.assignmentTimestampMs() + intervalMs - turn.nowMs();
        boolean first = group.assignmentEpoch() == 0 || group.isEmpty();
        if (first || waitMs <= 0L || waitMs > intervalMs) {
            Assignments.assign(turn, group, new SubscribedTopics(context.image(), group));
            answerJoins(turn, group, false);
        } else {
            String groupId = group.groupId();
            context.timers().set(new AssignTimer(groupId), waitMs, later -> {
                ShareGroup now = groups.find(groupId);
                if (now != null) {
                    assignIfDue(later, now);
                }
            });
        }
    }

    private void answerJoins(Turn<KindRecord> turn, ShareGroup group, boolean regardless) {
        if (!regardless && !isSettled(group)) {
            return;
        }
        List<Join> joins = joining.remove(group.groupId());
        if (joins == null) {
            return;
        }
        for (Join join : joins) {
            ShareMember member = group.member(join.memberId());
            if (member == null) {
                turn.answer(join.reply(), HeartbeatChecks.refused(ErrorCode.UNKNOWN_MEMBER_ID, null));
            } else {
                answer(turn, group, member, member.assigned(), true, join.reply());
            }
        }
    }

    // ---- the state of what is read

    /** Sees to it that the share coordinator keeps a state of everything that the group reads. */
    private void wantStates(Turn<KindRecord> turn, ShareGroup group) {
        if (group.areStatesWanted()) {
            return;
        }
        SubscribedTopics topics = new SubscribedTopics(context.image(), group);
        StatePartitions states = group.states();
        PartitionSet missing = StatePartitions.without(
                StatePartitions.without(topics.partitions(), states.initialized()), states.initializing());
        Map<Uuid, Set<Integer>> wanted = new HashMap<>(missing.byTopic());
        wanted.keySet().removeAll(states.deleting());
        PartitionSet asked = PartitionSet.of(wanted);
        if (asked.isEmpty()) {
            group.statesWanted();
        } else if (turn.write(
                List.of(ShareGroupRecords.states(group.groupId(), states.asking(asked, topics.names()))))) {
            group.statesWanted();
            initialize(group);
        }
    }

    /** Those whose state is to be begun, but for what is under way: asking twice could begin a state anew that is in use by then. */
    private List<SharePartitionKey> toBegin(ShareGroup group) {
        List<SharePartitionKey> keys =
                StateKeeping.keys(group.groupId(), group.states().initializing());
        keys.removeIf(beginning::contains);
        return keys;
    }

    private void initialize(ShareGroup group) {
        String groupId = group.groupId();
        Map<SharePartitionKey, Long> starts = new LinkedHashMap<>();
        for (SharePartitionKey key : toBegin(group)) {
            starts.put(key, ShareState.NO_START_OFFSET);
        }
        if (starts.isEmpty()) {
            return;
        }
        beginning.addAll(starts.keySet());
        keeping.initialize(
                groupId,
                group.epoch(),
                starts,
                outcomes -> context.submit(Unheard.REPLY, (state, turn) -> state.membership()
                        .initialized(turn, groupId, starts, outcomes)));
    }

    private void initialized(
            Turn<KindRecord> turn, String groupId, Map<SharePartitionKey, Long> asked, List<StateOutcome> outcomes) {
        beginning.removeAll(asked.keySet());
        ShareGroup group = groups.find(groupId);
        if (group == null) {
            return;
        }
        StatePartitions states = group.states();
        Map<Uuid, Set<Integer>> done = new HashMap<>();
        int index = 0;
        for (SharePartitionKey key : asked.keySet()) {
            StateOutcome outcome = outcomes.get(index++);
            if (!states.initializing().contains(key.topicId(), key.partition())) {
                // It was forgotten meanwhile.
                continue;
            }
            // An epoch that is newer than the group's is of a state that is there already.
            if (outcome.error() == ErrorCode.NONE || outcome.error() == ErrorCode.FENCED_STATE_EPOCH) {
                done.computeIfAbsent(key.topicId(), id -> new TreeSet<>()).add(key.partition());
            } else {
                LOG.warn("the state of {} could not be begun: {} {}", key, outcome.error(), outcome.message());
            }
        }
        StatePartitions now = states.having(PartitionSet.of(done));
        if (!now.equals(states)) {
            turn.write(List.of(ShareGroupRecords.states(groupId, now)));
            bump(turn, group);
            assignIfDue(turn, group);
        }
        answerJoins(turn, group, false);
        if (!toBegin(group).isEmpty()) {
            // Whoever joins need not wait for what may take long.
            answerJoins(turn, group, true);
            context.timers().set(new InitializeTimer(groupId), RETRY_MS, later -> {
                ShareGroup again = groups.find(groupId);
                if (again != null) {
                    initialize(again);
                }
            });
        }
    }

    void topicsChanged(Turn<KindRecord> turn) {
        for (ShareGroup group : groups.all()) {
            if (!group.isEmpty() && new SubscribedTopics(context.image(), group).hash() != group.metadataHash()) {
                bump(turn, group);
                wantStates(turn, group);
                assignIfDue(turn, group);
            }
        }
    }

    static int number(@Nullable String value, int fallback) {
        if (value == null) {
            return fallback;
        }
        try {
            return Integer.parseInt(value.trim());
        } catch (NumberFormatException e) {
            return fallback;
        }
    }
}
