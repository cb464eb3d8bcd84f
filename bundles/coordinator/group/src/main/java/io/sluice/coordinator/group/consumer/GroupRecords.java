package io.sluice.coordinator.group.consumer;

import io.sluice.base.Uuid;
import io.sluice.coordinator.api.PartitionId;
import io.sluice.coordinator.group.classic.JoinProtocol;
import io.sluice.coordinator.group.record.ConsumerGroupRecord;
import io.sluice.coordinator.group.record.GroupRecord;
import io.sluice.protocol.group.ConsumerGroupCurrentMemberAssignmentValue;
import io.sluice.protocol.group.ConsumerGroupMemberMetadataValue;
import io.sluice.protocol.group.ConsumerGroupMemberMetadataValue.ClassicMemberMetadata;
import io.sluice.protocol.group.ConsumerGroupMemberMetadataValue.ClassicProtocol;
import io.sluice.protocol.group.ConsumerGroupMetadataValue;
import io.sluice.protocol.group.ConsumerGroupRegularExpressionValue;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMemberValue;
import io.sluice.protocol.group.ConsumerGroupTargetAssignmentMetadataValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What of a consumer group is written, and how it is read again. */
final class GroupRecords {
    private GroupRecords() {}

    static GroupRecord epoch(String groupId, int epoch, long metadataHash) {
        return new ConsumerGroupRecord.Epoch(
                groupId, new ConsumerGroupMetadataValue().setEpoch(epoch).setMetadataHash(metadataHash));
    }

    static GroupRecord member(String groupId, ConsumerMember member) {
        MemberMetadata metadata = member.metadata();
        ConsumerGroupMemberMetadataValue value = new ConsumerGroupMemberMetadataValue()
                .setInstanceId(metadata.instanceId())
                .setRackId(metadata.rackId())
                .setClientId(metadata.clientId())
                .setClientHost(metadata.clientHost())
                .setSubscribedTopicNames(List.copyOf(metadata.topics()))
                .setSubscribedTopicRegex(metadata.hasRegex() ? metadata.regex() : null)
                .setRebalanceTimeoutMs(metadata.rebalanceTimeoutMs())
                .setServerAssignor(metadata.assignor());
        ClassicProtocols classic = metadata.classic();
        // Without it the field is null and not left out, which would read as a classic member without protocols.
        return new ConsumerGroupRecord.Member(
                groupId, member.memberId(), value.setClassicMemberMetadata(classic == null ? null : write(classic)));
    }

    private static ClassicMemberMetadata write(ClassicProtocols classic) {
        List<ClassicProtocol> protocols = new ArrayList<>();
        for (JoinProtocol protocol : classic.protocols()) {
            protocols.add(new ClassicProtocol().setName(protocol.name()).setMetadata(protocol.metadata()));
        }
        return new ClassicMemberMetadata()
                .setSessionTimeoutMs(classic.sessionTimeoutMs())
                .setSupportedProtocols(protocols);
    }

    /** A member of the consumer protocol has none; where the field is left out, it reads as one without protocols. */
    private static @Nullable ClassicProtocols read(@Nullable ClassicMemberMetadata value) {
        if (value == null || value.supportedProtocols().isEmpty()) {
            return null;
        }
        List<JoinProtocol> protocols = new ArrayList<>();
        for (ClassicProtocol protocol : value.supportedProtocols()) {
            protocols.add(new JoinProtocol(protocol.name(), protocol.metadata()));
        }
        return new ClassicProtocols(value.sessionTimeoutMs(), protocols);
    }

    static MemberMetadata read(ConsumerGroupMemberMetadataValue value) {
        String regex = value.subscribedTopicRegex();
        return new MemberMetadata(
                value.instanceId(),
                value.rackId(),
                value.clientId(),
                value.clientHost(),
                new TreeSet<>(value.subscribedTopicNames()),
                regex == null ? "" : regex,
                value.rebalanceTimeoutMs(),
                value.serverAssignor(),
                read(value.classicMemberMetadata()));
    }

    static GroupRecord targetEpoch(String groupId, int epoch, long nowMs) {
        return new ConsumerGroupRecord.TargetEpoch(
                groupId,
                new ConsumerGroupTargetAssignmentMetadataValue()
                        .setAssignmentEpoch(epoch)
                        .setAssignmentTimestamp(nowMs));
    }

    static GroupRecord target(String groupId, String memberId, Set<PartitionId> partitions) {
        List<ConsumerGroupTargetAssignmentMemberValue.TopicPartition> topics = new ArrayList<>();
        byTopic(partitions)
                .forEach((topic, numbers) -> topics.add(new ConsumerGroupTargetAssignmentMemberValue.TopicPartition()
                        .setTopicId(topic)
                        .setPartitions(numbers)));
        return new ConsumerGroupRecord.Target(
                groupId, memberId, new ConsumerGroupTargetAssignmentMemberValue().setTopicPartitions(topics));
    }

    static Set<PartitionId> read(ConsumerGroupTargetAssignmentMemberValue value) {
        Set<PartitionId> partitions = new HashSet<>();
        for (ConsumerGroupTargetAssignmentMemberValue.TopicPartition topic : value.topicPartitions()) {
            for (int partition : topic.partitions()) {
                partitions.add(new PartitionId(topic.topicId(), partition));
            }
        }
        return Set.copyOf(partitions);
    }

    static GroupRecord current(String groupId, ConsumerMember member) {
        CurrentAssignment current = member.current();
        return new ConsumerGroupRecord.Current(
                groupId,
                member.memberId(),
                new ConsumerGroupCurrentMemberAssignmentValue()
                        .setMemberEpoch(current.epoch())
                        .setPreviousMemberEpoch(current.previousEpoch())
                        .setState(current.state().code())
                        .setAssignedPartitions(write(current.assigned()))
                        .setPartitionsPendingRevocation(write(current.revoking())));
    }

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> write(
            SortedMap<PartitionId, Integer> partitions) {
        List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics = new ArrayList<>();
        byTopic(partitions.keySet()).forEach((topic, numbers) -> {
            List<Integer> epochs = new ArrayList<>(numbers.size());
            for (int number : numbers) {
                epochs.add(partitions.getOrDefault(new PartitionId(topic, number), 0));
            }
            topics.add(new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions()
                    .setTopicId(topic)
                    .setPartitions(numbers)
                    .setAssignmentEpochs(epochs));
        });
        return topics;
    }

    static CurrentAssignment read(ConsumerGroupCurrentMemberAssignmentValue value) {
        return new CurrentAssignment(
                value.memberEpoch(),
                value.previousMemberEpoch(),
                MemberState.of(value.state()),
                read(value.assignedPartitions(), value.memberEpoch()),
                read(value.partitionsPendingRevocation(), value.memberEpoch()));
    }

    /** Records from before Kafka 4.2 have no epochs of partitions: there the member's stands in. */
    private static SortedMap<PartitionId, Integer> read(
            List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics, int memberEpoch) {
        SortedMap<PartitionId, Integer> partitions = new TreeMap<>();
        for (ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions topic : topics) {
            List<Integer> epochs = topic.assignmentEpochs();
            for (int i = 0; i < topic.partitions().size(); i++) {
                int epoch = epochs != null && i < epochs.size() ? epochs.get(i) : memberEpoch;
                partitions.put(
                        new PartitionId(topic.topicId(), topic.partitions().get(i)), epoch);
            }
        }
        return partitions;
    }

    static GroupRecord regex(String groupId, String regex, Collection<String> topics, long version, long nowMs) {
        return new ConsumerGroupRecord.Regex(
                groupId,
                regex,
                new ConsumerGroupRegularExpressionValue()
                        .setTopics(List.copyOf(new TreeSet<>(topics)))
                        .setVersion(version)
                        .setTimestamp(nowMs));
    }

    /** What is left to be done when a member goes: the order is Kafka's. */
    static List<GroupRecord> memberGone(String groupId, String memberId) {
        return List.of(
                new ConsumerGroupRecord.Current(groupId, memberId, null),
                new ConsumerGroupRecord.Target(groupId, memberId, null),
                new ConsumerGroupRecord.Member(groupId, memberId, null));
    }

    /** The removal of a whole group, its epoch at the end. */
    static List<GroupRecord> groupGone(ConsumerGroup group) {
        String groupId = group.groupId();
        List<GroupRecord> records = new ArrayList<>();
        for (ConsumerMember member : group.members()) {
            records.addAll(memberGone(groupId, member.memberId()));
        }
        for (String regex : group.regexes().keySet()) {
            records.add(new ConsumerGroupRecord.Regex(groupId, regex, null));
        }
        records.add(new ConsumerGroupRecord.TargetEpoch(groupId, null));
        records.add(new ConsumerGroupRecord.Epoch(groupId, null));
        return records;
    }

    /** The numbers of the partitions of each topic, in order. */
    static Map<Uuid, List<Integer>> byTopic(Collection<PartitionId> partitions) {
        Map<Uuid, List<Integer>> topics = new TreeMap<>();
        for (PartitionId partition : new TreeSet<>(partitions)) {
            topics.computeIfAbsent(partition.topicId(), id -> new ArrayList<>()).add(partition.partition());
        }
        return topics;
    }
}
