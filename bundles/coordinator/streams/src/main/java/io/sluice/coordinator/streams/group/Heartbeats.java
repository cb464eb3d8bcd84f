package io.sluice.coordinator.streams.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.coordinator.streams.topology.TopicProblem;
import io.sluice.coordinator.streams.topology.Topology;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members of streams groups: they come, say what they have, learn what they are to have, and go (KIP-1071). For one state machine. */
public final class Heartbeats {
    private final StreamsGroupTable groups;
    private final GroupKindContext<StreamsGroupState> context;
    private final StreamsSettings settings;
    private final Topologies topologies;
    private final Targets targets;
    private final MemberTimers timers;
    private final Departures departures;
    private final HeartbeatAnswers answers;

    Heartbeats(
            StreamsGroupTable groups,
            GroupKindContext<StreamsGroupState> context,
            StreamsSettings settings,
            Topologies topologies,
            Targets targets,
            MemberTimers timers,
            Departures departures) {
        this.groups = groups;
        this.context = context;
        this.settings = settings;
        this.topologies = topologies;
        this.targets = targets;
        this.timers = timers;
        this.departures = departures;
        this.answers = new HeartbeatAnswers(settings, new Endpoints(topologies, context::image));
    }

    /** Handles a heartbeat; it is answered in this turn. */
    public void heartbeat(
            Turn<KindRecord> turn,
            StreamsGroupHeartbeatRequest request,
            ClientContext client,
            Reply<HeartbeatOutcome> reply) {
        HeartbeatOutcome invalid = HeartbeatChecks.invalid(request);
        if (invalid != null) {
            turn.answer(reply, invalid);
        } else if (request.memberEpoch() < HeartbeatChecks.JOIN_EPOCH) {
            turn.answer(reply, departures.leave(turn, request));
        } else {
            turn.answer(reply, stay(turn, request, client));
        }
    }

    /** Nothing is written before everything is found to be right, because nothing can be taken back. */
    private HeartbeatOutcome stay(Turn<KindRecord> turn, StreamsGroupHeartbeatRequest request, ClientContext client) {
        StreamsGroup group = groups.find(request.groupId());
        HeartbeatOutcome refusal = admission(turn, request, group);
        if (refusal != null) {
            return refusal;
        }
        Tasks owned = HeartbeatChecks.owned(request);
        MemberLookup lookup =
                MemberLookup.of(group, request.memberId(), request.instanceId(), request.memberEpoch(), owned);
        if (lookup.refusal() != null) {
            return lookup.refusal();
        }
        Topology topology = Topologies.of(group, request);
        if (topology == null || Topologies.isUpdate(topology, request)) {
            return HeartbeatOutcome.refused(
                    ErrorCode.INVALID_REQUEST,
                    topology == null ? "The group has no topology." : "Topology updates are not supported yet.");
        }
        ConfiguredTopology configured = topologies.configure(group, topology);
        HeartbeatOutcome unknown = HeartbeatChecks.unknownTasks(request, configured);
        if (unknown != null) {
            return unknown;
        }
        boolean begins = group == null || group.isEmpty();
        HeartbeatChange change = HeartbeatChange.of(
                group, request, client, lookup, configured, settings.assignmentConfigs(request.groupId()));
        if (!change.records().isEmpty() && !turn.write(change.records())) {
            return HeartbeatOutcome.refused(ErrorCode.UNKNOWN_SERVER_ERROR, "The member's metadata are too large.");
        }
        StreamsGroup now = groups.find(request.groupId());
        if (now == null || now.member(request.memberId()) == null) {
            throw new IllegalStateException("member " + request.memberId() + " was not replayed");
        }
        now.configured(configured);
        if (lookup.replaced() != null) {
            timers.cancel(request.groupId(), lookup.replaced().memberId());
        }
        if (begins) {
            targets.begin(request.groupId());
        }
        return proceed(turn, request, client, now, change, owned);
    }

    /** Why a member may not come to the group; null when it may. */
    private @Nullable HeartbeatOutcome admission(
            Turn<KindRecord> turn, StreamsGroupHeartbeatRequest request, @Nullable StreamsGroup group) {
        String groupId = request.groupId();
        if (group == null) {
            if (context.isTaken(groupId) && !(HeartbeatChecks.joins(request) && context.vacate(turn, groupId))) {
                return HeartbeatOutcome.refused(
                        ErrorCode.GROUP_ID_NOT_FOUND, "Group " + groupId + " is not a streams group.");
            }
            return HeartbeatChecks.joins(request) ? null : HeartbeatOutcome.noGroup(groupId);
        }
        int most = settings.sizeMax();
        boolean known = group.member(request.memberId()) != null
                || (request.instanceId() != null && group.staticMember(request.instanceId()) != null);
        if (HeartbeatChecks.joins(request) && !known && group.members().size() >= most) {
            return HeartbeatOutcome.refused(
                    ErrorCode.GROUP_MAX_SIZE_REACHED,
                    "The streams group has reached its maximum capacity of " + most + " members.");
        }
        return null;
    }

    private HeartbeatOutcome proceed(
            Turn<KindRecord> turn,
            StreamsGroupHeartbeatRequest request,
            ClientContext client,
            StreamsGroup group,
            HeartbeatChange change,
            @Nullable Tasks owned) {
        String memberId = request.memberId();
        ConfiguredTopology topology = group.configured();
        if (topology != null && (request.taskOffsets() != null || request.taskEndOffsets() != null)) {
            TaskOffsets former = group.offsets(memberId);
            group.offsets(memberId, former.updated(request.taskOffsets(), request.taskEndOffsets(), topology));
        }
        TopicProblem delay = targets.update(turn, group);
        StreamsMember member = reconcile(turn, group, memberId, owned);
        timers.heard(group.groupId(), memberId);
        if (request.shutdownApplication()) {
            group.requestShutdown(memberId);
        }
        return answers.answer(request, client, group, change.former(), member, delay);
    }

    private StreamsMember reconcile(Turn<KindRecord> turn, StreamsGroup group, String memberId, @Nullable Tasks owned) {
        StreamsMember member = present(group, memberId);
        int epoch = group.assignmentEpoch();
        if (member.current().isReconciledTo(epoch)) {
            return member;
        }
        CurrentTasks next = new Reconciliation(epoch, group.target(memberId), group.holdersBeside(member), owned)
                .next(member.current());
        if (next == member.current()) {
            return member;
        }
        turn.write(List.of(StreamsRecords.current(group.groupId(), member.with(next))));
        StreamsMember moved = present(group, memberId);
        timers.reconciled(group.groupId(), moved);
        return moved;
    }

    private static StreamsMember present(StreamsGroup group, String memberId) {
        StreamsMember member = group.member(memberId);
        if (member == null) {
            throw new IllegalStateException("member " + memberId + " of " + group.groupId() + " is gone");
        }
        return member;
    }
}
