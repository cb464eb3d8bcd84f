package io.sluice.coordinator.share.group;

import io.sluice.base.Uuid;
import io.sluice.coordinator.api.KindRecord;
import io.sluice.protocol.group.ShareGroupCurrentMemberAssignmentKey;
import io.sluice.protocol.group.ShareGroupCurrentMemberAssignmentValue;
import io.sluice.protocol.group.ShareGroupMemberMetadataKey;
import io.sluice.protocol.group.ShareGroupMemberMetadataValue;
import io.sluice.protocol.group.ShareGroupMetadataKey;
import io.sluice.protocol.group.ShareGroupMetadataValue;
import io.sluice.protocol.group.ShareGroupStatePartitionMetadataKey;
import io.sluice.protocol.group.ShareGroupStatePartitionMetadataValue;
import io.sluice.protocol.group.ShareGroupStatePartitionMetadataValue.TopicInfo;
import io.sluice.protocol.group.ShareGroupStatePartitionMetadataValue.TopicPartitionsInfo;
import io.sluice.protocol.group.ShareGroupTargetAssignmentMemberKey;
import io.sluice.protocol.group.ShareGroupTargetAssignmentMemberValue;
import io.sluice.protocol.group.ShareGroupTargetAssignmentMetadataKey;
import io.sluice.protocol.group.ShareGroupTargetAssignmentMetadataValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the records of share groups, in Kafka's schemas, all of version 0. Stateless. */
final class ShareGroupRecords {
    static final short MEMBER = 10;
    static final short GROUP = 11;
    static final short TARGET_EPOCH = 12;
    static final short TARGET = 13;
    static final short CURRENT = 14;
    static final short STATES = 15;

    static final Set<Short> TYPES = Set.of(MEMBER, GROUP, TARGET_EPOCH, TARGET, CURRENT, STATES);

    private static final short VERSION = 0;
    private static final byte STABLE = 0;

    private ShareGroupRecords() {}

    static KindRecord member(
            String groupId,
            String memberId,
            @Nullable String rackId,
            String clientId,
            String host,
            List<String> topics) {
        return KindRecord.of(
                memberKey(groupId, memberId),
                new ShareGroupMemberMetadataValue()
                        .setRackId(rackId)
                        .setClientId(clientId)
                        .setClientHost(host)
                        .setSubscribedTopicNames(topics),
                VERSION);
    }

    private static ShareGroupMemberMetadataKey memberKey(String groupId, String memberId) {
        return new ShareGroupMemberMetadataKey().setGroupId(groupId).setMemberId(memberId);
    }

    static KindRecord group(String groupId, int epoch, long metadataHash) {
        return KindRecord.of(
                new ShareGroupMetadataKey().setGroupId(groupId),
                new ShareGroupMetadataValue().setEpoch(epoch).setMetadataHash(metadataHash),
                VERSION);
    }

    static KindRecord targetEpoch(String groupId, int epoch, long timestampMs) {
        return KindRecord.of(
                new ShareGroupTargetAssignmentMetadataKey().setGroupId(groupId),
                new ShareGroupTargetAssignmentMetadataValue()
                        .setAssignmentEpoch(epoch)
                        .setAssignmentTimestamp(timestampMs),
                VERSION);
    }

    static KindRecord target(String groupId, String memberId, PartitionSet partitions) {
        return KindRecord.of(
                targetKey(groupId, memberId),
                new ShareGroupTargetAssignmentMemberValue()
                        .setTopicPartitions(partitions.toList(
                                (id, list) -> new ShareGroupTargetAssignmentMemberValue.TopicPartition()
                                        .setTopicId(id)
                                        .setPartitions(list))),
                VERSION);
    }

    private static ShareGroupTargetAssignmentMemberKey targetKey(String groupId, String memberId) {
        return new ShareGroupTargetAssignmentMemberKey().setGroupId(groupId).setMemberId(memberId);
    }

    static KindRecord current(String groupId, ShareMember member, int epoch, PartitionSet partitions) {
        return KindRecord.of(
                currentKey(groupId, member.memberId()),
                new ShareGroupCurrentMemberAssignmentValue()
                        .setMemberEpoch(epoch)
                        .setPreviousMemberEpoch(member.epoch())
                        .setState(STABLE)
                        .setAssignedPartitions(partitions.toList(
                                (id, list) -> new ShareGroupCurrentMemberAssignmentValue.TopicPartitions()
                                        .setTopicId(id)
                                        .setPartitions(list))),
                VERSION);
    }

    private static ShareGroupCurrentMemberAssignmentKey currentKey(String groupId, String memberId) {
        return new ShareGroupCurrentMemberAssignmentKey().setGroupId(groupId).setMemberId(memberId);
    }

    static KindRecord states(String groupId, StatePartitions states) {
        ShareGroupStatePartitionMetadataKey key = new ShareGroupStatePartitionMetadataKey().setGroupId(groupId);
        if (states.isEmpty()) {
            return KindRecord.tombstone(key);
        }
        List<TopicInfo> deleting = new ArrayList<>();
        for (Uuid id : states.deleting()) {
            deleting.add(new TopicInfo().setTopicId(id).setTopicName(name(states.names(), id)));
        }
        return KindRecord.of(
                key,
                new ShareGroupStatePartitionMetadataValue()
                        .setInitializingTopics(infos(states.initializing(), states.names()))
                        .setInitializedTopics(infos(states.initialized(), states.names()))
                        .setDeletingTopics(deleting),
                VERSION);
    }

    private static List<TopicPartitionsInfo> infos(PartitionSet partitions, Map<Uuid, String> names) {
        return partitions.toList((id, list) -> new TopicPartitionsInfo()
                .setTopicId(id)
                .setTopicName(name(names, id))
                .setPartitions(list));
    }

    private static String name(Map<Uuid, String> names, Uuid id) {
        String name = names.get(id);
        return name == null ? "" : name;
    }

    /** What is left of a member that is gone. */
    static List<KindRecord> withoutMember(String groupId, String memberId) {
        return List.of(
                KindRecord.tombstone(currentKey(groupId, memberId)),
                KindRecord.tombstone(targetKey(groupId, memberId)),
                KindRecord.tombstone(memberKey(groupId, memberId)));
    }

    /** What is left of a group without members. */
    static List<KindRecord> withoutGroup(String groupId) {
        return List.of(
                KindRecord.tombstone(new ShareGroupTargetAssignmentMetadataKey().setGroupId(groupId)),
                KindRecord.tombstone(new ShareGroupStatePartitionMetadataKey().setGroupId(groupId)),
                KindRecord.tombstone(new ShareGroupMetadataKey().setGroupId(groupId)));
    }
}
