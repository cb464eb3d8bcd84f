package io.sluice.coordinator.group.consumer;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.group.record.ConsumerGroupRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Members that leave, for good or for a while, or are put out. For one state machine. */
final class Departures {
    private final ConsumerGroups groups;
    private final MemberTimers timers;
    private final Supplier<MetadataImage> image;
    private final Migration migration;

    Departures(ConsumerGroups groups, MemberTimers timers, Supplier<MetadataImage> image, Migration migration) {
        this.migration = migration;
        this.groups = groups;
        this.timers = timers;
        this.image = image;
    }

    HeartbeatOutcome leave(Turn<GroupRecord> turn, ConsumerGroupHeartbeatRequest request) {
        ConsumerGroup group = groups.find(request.groupId());
        if (group == null) {
            return HeartbeatOutcome.noGroup(request.groupId());
        }
        String memberId = request.memberId();
        String instanceId = request.instanceId();
        ConsumerMember member = instanceId == null ? group.member(memberId) : group.staticMember(instanceId);
        if (member == null) {
            return HeartbeatOutcome.noMember(group, memberId);
        }
        if (instanceId != null && !member.memberId().equals(memberId)) {
            return HeartbeatOutcome.replaced(memberId, instanceId);
        }
        boolean done;
        if (request.memberEpoch() == ConsumerGroup.EPOCH_OF_ABSENT_STATIC_MEMBER) {
            ConsumerMember away = member.with(member.current().away());
            done = turn.write(List.of(GroupRecords.current(group.groupId(), away)));
            timers.revoked(group, away);
        } else {
            done = putOut(turn, group, member);
        }
        return done
                ? new HeartbeatOutcome.Answered(new ConsumerGroupHeartbeatResponse()
                        .setMemberId(memberId)
                        .setMemberEpoch(request.memberEpoch()))
                : HeartbeatOutcome.refused(
                        ErrorCode.UNKNOWN_SERVER_ERROR, "The change is larger than a batch of its topic may be.");
    }

    /** Takes a member out, and the group back to the classic protocol when nobody is left who uses another. */
    boolean putOut(Turn<GroupRecord> turn, ConsumerGroup group, ConsumerMember member) {
        return migration.downgrade(turn, group, member) || remove(turn, group, member);
    }

    /** Takes a member out; the others learn of it with the next target assignment. */
    boolean remove(Turn<GroupRecord> turn, ConsumerGroup group, ConsumerMember member) {
        String groupId = group.groupId();
        List<GroupRecord> records = new ArrayList<>(GroupRecords.memberGone(groupId, member.memberId()));
        String regex = member.metadata().regex();
        boolean lastOfRegex = group.regexes().containsKey(regex) && group.subscribersOf(regex) == 1;
        if (lastOfRegex) {
            records.add(new ConsumerGroupRecord.Regex(groupId, regex, null));
        }
        long hash = TopicsHash.of(topicsWithout(group, member, lastOfRegex ? regex : ""), image.get());
        records.add(GroupRecords.epoch(groupId, group.epoch() + 1, hash));
        if (!turn.write(records)) {
            return false;
        }
        timers.cancel(groupId, member.memberId());
        return true;
    }

    /** The names of the topics to which others than a member subscribe, but for those of a regular expression that goes with it. */
    private static Set<String> topicsWithout(ConsumerGroup group, ConsumerMember member, String regex) {
        Set<String> names = group.topicsNamedBeside(member);
        group.regexes().forEach((other, topics) -> {
            if (!other.equals(regex)) {
                names.addAll(topics);
            }
        });
        return names;
    }
}
