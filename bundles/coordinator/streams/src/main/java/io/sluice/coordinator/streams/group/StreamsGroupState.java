package io.sluice.coordinator.streams.group;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.coordinator.api.CommitClaim;
import io.sluice.coordinator.api.GroupKindContext;
import io.sluice.coordinator.api.GroupKindState;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.api.ListedGroup;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.streams.assignor.TaskAssignor;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The streams groups of one partition of {@code __consumer_offsets} (KIP-1071). */
public final class StreamsGroupState implements GroupKindState {
    private final StreamsGroupTable groups = new StreamsGroupTable();
    private final GroupKindContext<StreamsGroupState> context;
    private final Topologies topologies;
    private final Targets targets;
    private final MemberTimers timers;
    private final Heartbeats heartbeats;

    public StreamsGroupState(GroupKindContext<StreamsGroupState> context, TaskAssignor assignor) {
        this.context = context;
        StreamsSettings settings = new StreamsSettings(context);
        this.topologies = new Topologies(context::image);
        this.targets = new Targets(groups, context.timers(), settings, topologies, assignor);
        Expulsion expulsion = new Expulsion();
        this.timers = new MemberTimers(context.timers(), settings, expulsion);
        Departures departures = new Departures(groups, timers, targets);
        expulsion.departures = departures;
        this.heartbeats = new Heartbeats(groups, context, settings, topologies, targets, timers, departures);
    }

    /** The timers end members, and whoever ends members ends their timers. */
    private static final class Expulsion implements MemberTimers.Expiry {
        private @Nullable Departures departures;

        @Override
        public void expired(Turn<KindRecord> turn, String groupId, String memberId, String reason) {
            if (departures != null) {
                departures.expel(turn, groupId, memberId, reason);
            }
        }
    }

    /** Members. */
    public Heartbeats heartbeats() {
        return heartbeats;
    }

    /** What administrators are told of groups. */
    public StreamsDescriptions descriptions() {
        return new StreamsDescriptions(groups, topologies);
    }

    /** The groups, for tests. */
    StreamsGroupTable groups() {
        return groups;
    }

    @Override
    public void replay(KindRecord record) {
        groups.replay(record);
    }

    @Override
    public void loaded(Turn<KindRecord> turn) {
        for (StreamsGroup group : groups.all()) {
            for (StreamsMember member : group.members()) {
                timers.heard(group.groupId(), member.memberId());
                timers.reconciled(group.groupId(), member);
            }
            targets.update(turn, group);
        }
    }

    /** Nobody waits: every heartbeat is answered in its turn. */
    @Override
    public void unloaded(ErrorCode error) {}

    @Override
    public boolean contains(String groupId) {
        return groups.find(groupId) != null;
    }

    @Override
    public List<ListedGroup> list() {
        List<ListedGroup> listed = new ArrayList<>();
        for (StreamsGroup group : groups.all()) {
            listed.add(new ListedGroup(group.groupId(), StreamsGroupKind.TYPE, group.state()));
        }
        return listed;
    }

    @Override
    public boolean vacate(Turn<KindRecord> turn, String groupId) {
        StreamsGroup group = groups.find(groupId);
        return group != null && group.isEmpty() && turn.write(StreamsRecords.withoutGroup(groupId));
    }

    @Override
    public void delete(Turn<KindRecord> turn, String groupId, Reply<ErrorCode> reply) {
        StreamsGroup group = groups.find(groupId);
        if (group == null) {
            turn.answer(reply, ErrorCode.GROUP_ID_NOT_FOUND);
        } else if (!group.isEmpty()) {
            turn.answer(reply, ErrorCode.NON_EMPTY_GROUP);
        } else {
            turn.write(StreamsRecords.withoutGroup(groupId));
            context.forgetOffsets(turn, groupId);
            turn.answer(reply, ErrorCode.NONE);
        }
    }

    @Override
    public void expire(Turn<KindRecord> turn, String groupId) {
        vacate(turn, groupId);
    }

    @Override
    public ErrorCode mayCommit(CommitClaim claim) {
        StreamsGroup group = groups.find(claim.groupId());
        return group == null ? ErrorCode.GROUP_ID_NOT_FOUND : CommitRights.mayCommit(group, claim);
    }

    @Override
    public ErrorCode mayFetchOffsets(String groupId, @Nullable String memberId, int memberEpoch) {
        StreamsGroup group = groups.find(groupId);
        return group == null ? ErrorCode.GROUP_ID_NOT_FOUND : CommitRights.mayFetch(group, memberId, memberEpoch);
    }

    @Override
    public ErrorCode mayDeleteOffsets(String groupId) {
        return ErrorCode.NONE;
    }

    @Override
    public boolean isSubscribedTo(String groupId, String topic) {
        StreamsGroup group = groups.find(groupId);
        return group != null && group.isSubscribedTo(topic);
    }

    @Override
    public void topicsChanged(Turn<KindRecord> turn) {
        for (StreamsGroup group : groups.all()) {
            ConfiguredTopology configured = topologies.refresh(group);
            if (configured != null && !group.isEmpty()) {
                GroupEpoch epoch = group.epochRecord();
                int validated = configured.isReady() ? configured.topology().epoch() : -1;
                turn.write(List.of(StreamsRecords.group(
                        group.groupId(), epoch.next(configured.metadataHash(), validated, epoch.configs()))));
                targets.update(turn, group);
            }
        }
    }

    @Override
    public void topicsDeleted(Turn<KindRecord> turn, Map<Uuid, String> topics) {
        topicsChanged(turn);
    }
}
