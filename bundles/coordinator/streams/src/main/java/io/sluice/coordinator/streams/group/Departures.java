package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Members that go: for good, for a while, or because they were not heard of. For one state machine. */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

    private final StreamsGroupTable groups;
    private final MemberTimers timers;
    private final Targets targets;

    Departures(StreamsGroupTable groups, MemberTimers timers, Targets targets) {
        this.groups = groups;
        this.timers = timers;
        this.targets = targets;
    }

    HeartbeatOutcome leave(Turn<KindRecord> turn, StreamsGroupHeartbeatRequest request) {
        StreamsGroup group = groups.find(request.groupId());
        if (group == null) {
            return HeartbeatOutcome.noGroup(request.groupId());
        }
        String instanceId = request.instanceId();
        StreamsMember member = instanceId == null ? group.member(request.memberId()) : group.staticMember(instanceId);
        if (member == null) {
            return instanceId == null
                    ? HeartbeatOutcome.noMember(request.groupId(), request.memberId())
                    : HeartbeatOutcome.noInstance(instanceId);
        }
        if (instanceId != null && !member.memberId().equals(request.memberId())) {
            return HeartbeatOutcome.replaced(request.memberId(), instanceId, member.memberId());
        }
        if (request.shutdownApplication()) {
            group.requestShutdown(request.memberId());
        }
        if (request.memberEpoch() == StreamsGroup.EPOCH_OF_ABSENT_STATIC_MEMBER) {
            turn.write(List.of(StreamsRecords.current(
                    group.groupId(), member.with(member.current().away()))));
        } else {
            remove(turn, group, member.memberId());
        }
        return HeartbeatOutcome.of(
                new StreamsGroupHeartbeatResponse()
                        .setMemberId(request.memberId())
                        .setMemberEpoch(request.memberEpoch())
                        .setStatus(List.of()),
                List.of());
    }

    /** A member has taken too long. */
    void expel(Turn<KindRecord> turn, String groupId, String memberId, String reason) {
        StreamsGroup group = groups.find(groupId);
        if (group != null && group.member(memberId) != null) {
            LOG.info("member {} of streams group {} is removed: {}", memberId, groupId, reason);
            remove(turn, group, memberId);
        }
    }

    private void remove(Turn<KindRecord> turn, StreamsGroup group, String memberId) {
        String groupId = group.groupId();
        timers.cancel(groupId, memberId);
        boolean last = group.members().size() == 1;
        GroupEpoch next = group.epochRecord().next();
        List<KindRecord> records = new ArrayList<>(StreamsRecords.withoutMember(groupId, memberId));
        records.add(StreamsRecords.group(groupId, next));
        if (last) {
            records.add(StreamsRecords.targetEpoch(groupId, next.epoch(), 0L));
        }
        if (turn.write(records) && !last) {
            targets.update(turn, group);
        }
    }
}
