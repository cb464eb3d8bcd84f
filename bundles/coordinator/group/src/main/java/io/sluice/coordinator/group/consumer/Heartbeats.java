package io.sluice.coordinator.group.consumer;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.group.assignor.Assignors;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.ClassicGroups;
import io.sluice.coordinator.group.classic.ClientContext;
import io.sluice.coordinator.group.classic.GroupState;
import io.sluice.coordinator.group.consumer.HeartbeatOutcome.ResolvedRegexes;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse.Assignment;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A heartbeat of a member that joins or stays: takes in what it says, makes a new target assignment where something has changed, and takes the
 * member a step towards it. All of this is one batch of records, or nothing has happened. For one state machine.
 */
final class Heartbeats {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    private final ConsumerGroups groups;
    private final ClassicGroups classicGroups;
    private final MemberTimers timers;
    private final RandomSource random;
    private final Supplier<MetadataImage> image;
    private final ConsumerPolicy policy;
    private final Assignors assignors;
    private final Migration migration;
    private final RegexLookups regexLookups = new RegexLookups();

    Heartbeats(
            ConsumerGroups groups,
            ClassicGroups classicGroups,
            MemberTimers timers,
            RandomSource random,
            Supplier<MetadataImage> image,
            ConsumerPolicy policy,
            Assignors assignors,
            Migration migration) {
        this.groups = groups;
        this.classicGroups = classicGroups;
        this.timers = timers;
        this.random = random;
        this.image = image;
        this.policy = policy;
        this.assignors = assignors;
        this.migration = migration;
    }

    HeartbeatOutcome heartbeat(
            Turn<GroupRecord> turn,
            ConsumerGroupHeartbeatRequest request,
            ClientContext client,
            ResolvedRegexes resolved) {
        String groupId = request.groupId();
        if (resolved != ResolvedRegexes.NONE) {
            regexLookups.end(groupId);
        }
        Room room = room(request, turn.nowMs());
        if (room == null) {
            return noRoom(groupId);
        }
        ConsumerGroup group = room.group();
        String memberId = request.memberId().isEmpty() ? Uuid.random(random).toString() : request.memberId();
        Set<PartitionId> reported = reported(request);
        ConsumerLimits limits = policy.limits(groupId);
        if (group.size() >= limits.sizeMax() && !group.knows(memberId, request.instanceId())) {
            return HeartbeatOutcome.refused(
                    ErrorCode.GROUP_MAX_SIZE_REACHED,
                    "The group has " + limits.sizeMax() + " members, and may not have more.");
        }
        MemberLookup lookup = MemberLookup.of(group, memberId, request.instanceId(), request.memberEpoch(), reported);
        if (lookup.refusal() != null) {
            return lookup.refusal();
        }
        ConsumerMember former = former(lookup, memberId);
        ConsumerMember member = former.with(former.metadata().with(request, client));
        GroupChange change = new GroupChange(group, lookup, member, image.get(), turn.nowMs(), limits, assignors);
        Set<String> wanted = resolved == ResolvedRegexes.NONE ? change.regexesToResolve() : Set.of();
        if (!wanted.isEmpty() && regexLookups.begin(groupId, turn.nowMs())) {
            return new HeartbeatOutcome.RegexesWanted(wanted);
        }
        ConsumerMember after;
        try {
            after = change.decide(resolved, reported);
        } catch (AssignorException e) {
            LOG.warn("no assignment for group {}", groupId, e);
            return HeartbeatOutcome.refused(ErrorCode.UNKNOWN_SERVER_ERROR, e.told());
        }
        if (!write(turn, room, change)) {
            return HeartbeatOutcome.refused(
                    ErrorCode.UNKNOWN_SERVER_ERROR, "The group's change is larger than a batch of its topic may be.");
        }
        ConsumerGroup changed = groups.find(groupId);
        if (changed != null) {
            change.remember(changed, resolved);
            if (lookup.replaced() != null) {
                timers.cancel(groupId, lookup.replaced().memberId());
            }
            timers.heard(changed, after);
            timeRevocation(changed, former, after);
        }
        return new HeartbeatOutcome.Answered(answer(request, former, after, limits.heartbeatIntervalMs()));
    }

    private boolean write(Turn<GroupRecord> turn, Room room, GroupChange change) {
        List<GroupRecord> records = new ArrayList<>(room.records());
        records.addAll(change.records());
        if (!turn.write(records)) {
            return false;
        }
        if (room.upgraded() != null) {
            migration.upgraded(turn, room.upgraded());
        }
        return true;
    }

    private void timeRevocation(ConsumerGroup group, ConsumerMember former, ConsumerMember after) {
        if (after.current().state() != MemberState.UNREVOKED_PARTITIONS) {
            timers.revoked(group, after);
        } else if (!after.current().equals(former.current())) {
            timers.revoking(group, after);
        }
    }

    /**
     * A new group may take the place of a classic one that has no members, and consumers of the classic protocol can be taken along. An empty group of
     * another kind keeps its id, as in Kafka: it is an application's that is not running now.
     *
     * @return null when there is no room
     */
    private @Nullable Room room(ConsumerGroupHeartbeatRequest request, long nowMs) {
        String groupId = request.groupId();
        ConsumerGroup present = groups.find(groupId);
        if (present != null) {
            return Room.of(present);
        }
        if (request.memberEpoch() != 0 || classicGroups.isReserved(groupId)) {
            return null;
        }
        ClassicGroup classic = classicGroups.find(groupId);
        if (classic == null || classic.is(GroupState.EMPTY)) {
            return Room.vacant(groupId, classic);
        }
        List<GroupRecord> upgrade = migration.upgrade(classic, nowMs);
        return upgrade.isEmpty() ? null : Room.ofUpgrade(classic, upgrade);
    }

    private HeartbeatOutcome noRoom(String groupId) {
        return classicGroups.contains(groupId) || classicGroups.isReserved(groupId)
                ? HeartbeatOutcome.refused(
                        ErrorCode.GROUP_ID_NOT_FOUND, "Group " + groupId + " is not a consumer group.")
                : HeartbeatOutcome.noGroup(groupId);
    }

    private static ConsumerMember former(MemberLookup lookup, String memberId) {
        ConsumerMember replaced = lookup.replaced();
        if (replaced != null) {
            return new ConsumerMember(
                    memberId, replaced.metadata(), replaced.current().forSuccessor());
        }
        return lookup.member() == null ? ConsumerMember.fresh(memberId) : lookup.member();
    }

    private static @Nullable Set<PartitionId> reported(ConsumerGroupHeartbeatRequest request) {
        List<ConsumerGroupHeartbeatRequest.TopicPartitions> topics = request.topicPartitions();
        if (topics == null) {
            return null;
        }
        Set<PartitionId> partitions = new HashSet<>();
        for (ConsumerGroupHeartbeatRequest.TopicPartitions topic : topics) {
            for (int partition : topic.partitions()) {
                partitions.add(new PartitionId(topic.topicId(), partition));
            }
        }
        return partitions;
    }

    /** The assignment is told when it has changed, and to whoever tells all of itself. */
    private ConsumerGroupHeartbeatResponse answer(
            ConsumerGroupHeartbeatRequest request, ConsumerMember former, ConsumerMember after, int intervalMs) {
        ConsumerGroupHeartbeatResponse response = new ConsumerGroupHeartbeatResponse()
                .setMemberId(after.memberId())
                .setMemberEpoch(after.current().epoch())
                .setHeartbeatIntervalMs(intervalMs);
        boolean saysAll = request.rebalanceTimeoutMs() != -1
                && (request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null)
                && request.topicPartitions() != null;
        boolean changed = !after.current()
                .assigned()
                .keySet()
                .equals(former.current().assigned().keySet());
        if (request.memberEpoch() == 0 || saysAll || changed) {
            response.setAssignment(new Assignment()
                    .setTopicPartitions(tell(after.current().assigned().keySet())));
        }
        return response;
    }

    private static List<TopicPartitions> tell(Set<PartitionId> partitions) {
        List<TopicPartitions> topics = new ArrayList<>();
        for (Map.Entry<Uuid, List<Integer>> topic :
                GroupRecords.byTopic(partitions).entrySet()) {
            topics.add(new TopicPartitions().setTopicId(topic.getKey()).setPartitions(topic.getValue()));
        }
        return topics;
    }
}
