package io.sluice.coordinator.group.consumer;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.group.classic.ClassicGroup;
import io.sluice.coordinator.group.classic.EmbeddedProtocol;
import io.sluice.coordinator.group.classic.MigratingGroups;
import io.sluice.coordinator.group.classic.Newcomer;
import io.sluice.coordinator.group.record.GroupMetadataRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.message.ConsumerProtocolAssignment;
import io.sluice.protocol.message.ConsumerProtocolSubscription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Groups that change between the classic and the consumer protocol while they have members (KIP-848): up when the first member comes that uses the
 * consumer protocol, down when the last of those goes. Members that use the classic protocol go on with it in either. For one state machine.
 */
final class Migration {
    private final ConsumerGroups groups;
    private final MigratingGroups classicGroups;
    private final MemberTimers timers;
    private final Supplier<MetadataImage> image;
    private final ConsumerPolicy policy;

    Migration(
            ConsumerGroups groups,
            MigratingGroups classicGroups,
            MemberTimers timers,
            Supplier<MetadataImage> image,
            ConsumerPolicy policy) {
        this.groups = groups;
        this.classicGroups = classicGroups;
        this.timers = timers;
        this.image = image;
        this.policy = policy;
    }

    /** What makes a classic group of consumers a consumer group; empty when it stays what it is. */
    List<GroupRecord> upgrade(ClassicGroup classic, long nowMs) {
        boolean may = policy.migration().upgrades()
                && classic.isConsumerGroup()
                && classic.size() <= policy.limits(classic.groupId()).sizeMax();
        if (!may) {
            return List.of();
        }
        try {
            return recordsOf(classic, nowMs);
        } catch (MalformedMessageException e) {
            return List.of();
        }
    }

    /** The records of an upgrade have been written. */
    void upgraded(Turn<GroupRecord> turn, ClassicGroup classic) {
        classicGroups.dissolve(turn, classic);
        ConsumerGroup group = groups.find(classic.groupId());
        if (group != null) {
            for (ConsumerMember member : group.members()) {
                timers.heard(group, member);
            }
        }
    }

    /**
     * The members keep what the last assignment gave them; whoever was about to get another is told to join again. Empty when an assignor of their own
     * has given them data beside partitions, which would be lost: such a group stays what it is.
     */
    private List<GroupRecord> recordsOf(ClassicGroup classic, long nowMs) {
        String groupId = classic.groupId();
        int epoch = classic.generation();
        List<GroupRecord> metadata = new ArrayList<>();
        List<GroupRecord> targets = new ArrayList<>();
        List<GroupRecord> currents = new ArrayList<>();
        Set<PartitionId> given = new TreeSet<>();
        for (var member : classic.members()) {
            String protocol =
                    classic.protocolName() == null ? member.protocols().get(0).name() : classic.protocolName();
            ConsumerProtocolSubscription subscription = EmbeddedProtocol.subscription(member.metadata(protocol));
            SortedMap<PartitionId, Integer> assigned = new TreeMap<>();
            ConsumerProtocolAssignment assignment = EmbeddedProtocol.assignment(member.assignment());
            if (hasUserData(assignment)) {
                return List.of();
            }
            for (PartitionId partition : idsOf(assignment)) {
                if (given.add(partition)) {
                    assigned.put(partition, epoch);
                }
            }
            ConsumerMember migrated = new ConsumerMember(
                    member.memberId(),
                    new MemberMetadata(
                            member.instanceId(),
                            subscription.rackId(),
                            member.clientId(),
                            member.clientHost(),
                            new TreeSet<>(subscription.topics()),
                            "",
                            member.rebalanceTimeoutMs(),
                            null,
                            new ClassicProtocols(member.sessionTimeoutMs(), member.protocols())),
                    new CurrentAssignment(epoch, epoch, MemberState.STABLE, assigned, new TreeMap<>()));
            metadata.add(GroupRecords.member(groupId, migrated));
            targets.add(GroupRecords.target(groupId, member.memberId(), assigned.keySet()));
            currents.add(GroupRecords.current(groupId, migrated));
        }
        List<GroupRecord> records = new ArrayList<>();
        records.add(new GroupMetadataRecord(groupId, null));
        records.addAll(metadata);
        records.add(GroupRecords.epoch(groupId, epoch, 0L));
        records.addAll(targets);
        records.add(GroupRecords.targetEpoch(groupId, epoch, nowMs));
        records.addAll(currents);
        return records;
    }

    private static boolean hasUserData(ConsumerProtocolAssignment assignment) {
        ByteBuffer data = assignment.userData();
        return data != null && data.hasRemaining();
    }

    private List<PartitionId> idsOf(ConsumerProtocolAssignment assignment) {
        List<PartitionId> ids = new ArrayList<>();
        for (ConsumerProtocolAssignment.TopicPartition topic : assignment.assignedPartitions()) {
            TopicImage known = image.get().topic(topic.topic());
            if (known != null) {
                topic.partitions().forEach(partition -> ids.add(new PartitionId(known.id(), partition)));
            }
        }
        return ids;
    }

    /**
     * Makes a consumer group that a member leaves a classic one, when all others use the classic protocol.
     *
     * @return false when it stays what it is, and the member has not left
     */
    boolean downgrade(Turn<GroupRecord> turn, ConsumerGroup group, ConsumerMember leaving) {
        return mayDowngrade(group, leaving.memberId(), group.size() - 1) && downgrade(turn, group, leaving, true);
    }

    /** The same after a member of the consumer protocol was replaced; its successor knows the generation {@code epoch}. */
    boolean downgrade(Turn<GroupRecord> turn, ConsumerGroup group, int epoch) {
        return mayDowngrade(group, null, group.size()) && downgrade(turn, group, null, epoch != group.epoch());
    }

    private boolean mayDowngrade(ConsumerGroup group, @Nullable String leavingId, int size) {
        return policy.migration().downgrades() && group.isClassicBut(leavingId) && size <= policy.classicSizeMax();
    }

    private boolean downgrade(
            Turn<GroupRecord> turn, ConsumerGroup group, @Nullable ConsumerMember leaving, boolean rebalance) {
        List<Newcomer> newcomers = new ArrayList<>();
        List<String> memberIds = new ArrayList<>();
        for (ConsumerMember member : group.members()) {
            ClassicProtocols classic = member.metadata().classic();
            memberIds.add(member.memberId());
            if (classic != null && (leaving == null || !leaving.memberId().equals(member.memberId()))) {
                newcomers.add(newcomer(group, member, classic));
            }
        }
        ClassicGroup classic;
        try {
            classic = Newcomer.group(group.groupId(), group.epoch(), turn.nowMs(), newcomers);
        } catch (MalformedMessageException e) {
            return false;
        }
        List<GroupRecord> records = new ArrayList<>(groups.tombstones(group));
        records.add(io.sluice.coordinator.group.classic.GroupRecords.of(classic));
        if (!turn.write(records)) {
            return false;
        }
        memberIds.forEach(memberId -> timers.cancel(classic.groupId(), memberId));
        classicGroups.adopt(turn, classic, rebalance);
        return true;
    }

    private Newcomer newcomer(ConsumerGroup group, ConsumerMember member, ClassicProtocols classic) {
        MemberMetadata metadata = member.metadata();
        return new Newcomer(
                member.memberId(),
                metadata.instanceId(),
                metadata.clientId(),
                metadata.clientHost(),
                metadata.rebalanceTimeoutMs(),
                classic.sessionTimeoutMs(),
                classic.protocols(),
                assignment(group.target(member.memberId())));
    }

    /** What partitions are in the consumers' own terms. Topics that are gone are left out: they have no name any more. */
    ConsumerProtocolAssignment assignment(Set<PartitionId> partitions) {
        List<ConsumerProtocolAssignment.TopicPartition> topics = new ArrayList<>();
        for (Map.Entry<Uuid, List<Integer>> entry :
                GroupRecords.byTopic(partitions).entrySet()) {
            TopicImage topic = image.get().topic(entry.getKey());
            if (topic != null) {
                topics.add(new ConsumerProtocolAssignment.TopicPartition()
                        .setTopic(topic.name())
                        .setPartitions(entry.getValue()));
            }
        }
        return new ConsumerProtocolAssignment().setAssignedPartitions(topics);
    }
}
