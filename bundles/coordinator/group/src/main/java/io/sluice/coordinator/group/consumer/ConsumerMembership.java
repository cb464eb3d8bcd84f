package io.sluice.coordinator.group.consumer;

import io.sluice.base.RandomSource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.ClientContext;
import io.sluice.coordinator.group.classic.RivalGroups;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome.ResolvedRegexes;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
import java.util.List;
import java.util.function.Supplier;

/** The requests of members of consumer groups, and what happens to those that are silent. For one state machine, which replays records into the groups. */
public final class ConsumerMembership {
    private final ConsumerGroups groups;
    private final MemberTimers timers;
    private final Heartbeats heartbeats;
    private final Departures departures;

    public ConsumerMembership(
            ConsumerGroups groups,
            ClassicGroups classicGroups,
            RivalGroups kinds,
            Timers<GroupRecord> timers,
            RandomSource random,
            Supplier<MetadataImage> image,
            Supplier<ConsumerLimits> limits) {
        this.groups = groups;
        this.timers = new MemberTimers(timers, limits, this::expired);
        this.heartbeats = new Heartbeats(groups, classicGroups, kinds, this.timers, random, image, limits);
        this.departures = new Departures(groups, this.timers, image);
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
        HeartbeatOutcome refusal = HeartbeatChecks.refusal(request, client.version());
        if (refusal != null) {
            turn.answer(reply, refusal);
        } else if (request.memberEpoch() < 0) {
            turn.answer(reply, departures.leave(turn, request));
        } else {
            turn.answer(reply, heartbeats.heartbeat(turn, request, client, resolved));
        }
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
                if (member.current().state() == MemberState.UNREVOKED_PARTITIONS) {
                    timers.revoking(group, member);
                }
            }
        }
    }

    private void expired(Turn<GroupRecord> turn, String groupId, String memberId) {
        ConsumerGroup group = groups.find(groupId);
        ConsumerMember member = group == null ? null : group.member(memberId);
        if (group != null && member != null) {
            departures.remove(turn, group, member);
        }
    }
}
