package io.sluice.coordinator.group.consumer;

import io.sluice.base.RandomSource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.ClientContext;
import io.sluice.coordinator.group.classic.MigratingGroups;
import io.sluice.coordinator.group.classic.MixedGroups;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome.ResolvedRegexes;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
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

/** The requests of members of consumer groups, and what happens to those that are silent. For one state machine, which replays records into the groups. */
public final class ConsumerMembership implements MixedGroups {
    private final ConsumerGroups groups;
    private final MemberTimers timers;
    private final Heartbeats heartbeats;
    private final Departures departures;
    private final ClassicMembers classicMembers;
    private final Assignors assignors;

    public ConsumerMembership(
            ConsumerGroups groups,
            ClassicGroups classicGroups,
            MigratingGroups migrating,
            Timers<GroupRecord> timers,
            RandomSource random,
            Supplier<MetadataImage> image,
            ConsumerPolicy policy,
            Assignors assignors) {
        this.groups = groups;
        this.assignors = assignors;
        this.timers = new MemberTimers(timers, policy, this::expired);
        Migration migration = new Migration(groups, migrating, this.timers, image, policy);
        this.heartbeats =
                new Heartbeats(groups, classicGroups, this.timers, random, image, policy, assignors, migration);
        this.departures = new Departures(groups, this.timers, image, migration);
        this.classicMembers =
                new ClassicMembers(groups, this.timers, departures, migration, random, image, policy, assignors);
    }

    /**
     * ConsumerGroupHeartbeat.
     *
     * @param resolved the topics of regular expressions that were wanted before, or {@link ResolvedRegexes#NONE}
     */
    public void heartbeat(
            Turn<GroupRecord> turn,
            ConsumerGroupHeartbeatRequest request,
            ClientContext client,
            ResolvedRegexes resolved,
            Reply<HeartbeatOutcome> reply) {
        HeartbeatOutcome refusal = HeartbeatChecks.refusal(request, client.version(), assignors);
        if (refusal != null) {
            turn.answer(reply, refusal);
        } else if (request.memberEpoch() < 0) {
            turn.answer(reply, departures.leave(turn, request));
        } else {
            turn.answer(reply, heartbeats.heartbeat(turn, request, client, resolved));
        }
    }

    @Override
    public boolean has(String groupId) {
        ConsumerGroup group = groups.find(groupId);
        return group != null && !group.isEmpty();
    }

    @Override
    public void join(
            Turn<GroupRecord> turn, JoinGroupRequest request, ClientContext client, Reply<JoinGroupResponse> reply) {
        turn.answer(reply, classicMembers.join(turn, request, client));
    }

    @Override
    public void sync(Turn<GroupRecord> turn, SyncGroupRequest request, Reply<SyncGroupResponse> reply) {
        turn.answer(reply, classicMembers.sync(request));
    }

    @Override
    public void heartbeat(Turn<GroupRecord> turn, HeartbeatRequest request, Reply<HeartbeatResponse> reply) {
        turn.answer(
                reply,
                new HeartbeatResponse()
                        .setErrorCode(classicMembers.heartbeat(request).code()));
    }

    @Override
    public void leave(Turn<GroupRecord> turn, LeaveGroupRequest request, Reply<LeaveGroupResponse> reply) {
        turn.answer(reply, classicMembers.leave(turn, request));
    }

    /** Gives the id of a group without members free for another type; false when it has members. */
    public boolean vacate(Turn<GroupRecord> turn, String groupId) {
        ConsumerGroup group = groups.find(groupId);
        return group == null || (group.isEmpty() && turn.write(groups.tombstones(group)));
    }

    /** Topics have come, changed or gone: each group looks at them again with its next heartbeat. */
    public void topicsChanged() {
        groups.all().forEach(ConsumerGroup::topicsChanged);
    }

    /** Sessions begin anew for every member that the log tells of. */
    public void loaded() {
        for (ConsumerGroup group : groups.all()) {
            for (ConsumerMember member : List.copyOf(group.members())) {
                timers.heard(group, member);
                if (member.current().state() == MemberState.UNREVOKED_PARTITIONS
                        && !member.metadata().isClassic()) {
                    timers.revoking(group, member);
                }
            }
        }
    }

    private void expired(Turn<GroupRecord> turn, String groupId, String memberId) {
        ConsumerGroup group = groups.find(groupId);
        ConsumerMember member = group == null ? null : group.member(memberId);
        if (group != null && member != null) {
            departures.putOut(turn, group, member);
        }
    }
}
