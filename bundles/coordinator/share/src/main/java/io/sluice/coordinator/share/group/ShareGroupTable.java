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
import io.sluice.protocol.group.ShareGroupTargetAssignmentMemberKey;
import io.sluice.protocol.group.ShareGroupTargetAssignmentMemberValue;
import io.sluice.protocol.group.ShareGroupTargetAssignmentMetadataKey;
import io.sluice.protocol.group.ShareGroupTargetAssignmentMetadataValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The share groups of one partition, made by replay alone. Compaction lets records of a group and its members come in any order: the first makes the
 * group or the member, the tombstone of its own record ends it. For one state machine.
 */
final class ShareGroupTable {
    private final Map<String, ShareGroup> groups = new TreeMap<>();

    @Nullable
    ShareGroup find(String groupId) {
        return groups.get(groupId);
    }

    Collection<ShareGroup> all() {
        return List.copyOf(groups.values());
    }

    void replay(KindRecord record) {
        switch (record.type()) {
            case ShareGroupRecords.GROUP -> replayGroup(record);
            case ShareGroupRecords.MEMBER -> replayMember(record);
            case ShareGroupRecords.TARGET_EPOCH -> replayTargetEpoch(record);
            case ShareGroupRecords.TARGET -> replayTarget(record);
            case ShareGroupRecords.CURRENT -> replayCurrent(record);
            case ShareGroupRecords.STATES -> replayStates(record);
            default -> throw new IllegalArgumentException("not a record of share groups: " + record.type());
        }
    }

    private ShareGroup groupOrNew(String groupId) {
        return groups.computeIfAbsent(groupId, ShareGroup::new);
    }

    private void replayGroup(KindRecord record) {
        String groupId = record.readKey(new ShareGroupMetadataKey()).groupId();
        if (record.isTombstone()) {
            groups.remove(groupId);
            return;
        }
        ShareGroupMetadataValue value = record.readValue(new ShareGroupMetadataValue());
        groupOrNew(groupId).epoch(value.epoch(), value.metadataHash());
    }

    private void replayMember(KindRecord record) {
        ShareGroupMemberMetadataKey key = record.readKey(new ShareGroupMemberMetadataKey());
        ShareGroup group = groups.get(key.groupId());
        if (!record.isTombstone()) {
            ShareGroupMemberMetadataValue value = record.readValue(new ShareGroupMemberMetadataValue());
            groupOrNew(key.groupId())
                    .memberOrNew(key.memberId())
                    .describe(value.rackId(), value.clientId(), value.clientHost(), value.subscribedTopicNames());
        } else if (group != null) {
            group.remove(key.memberId());
        }
    }

    private void replayTargetEpoch(KindRecord record) {
        String groupId =
                record.readKey(new ShareGroupTargetAssignmentMetadataKey()).groupId();
        ShareGroup group = groups.get(groupId);
        if (!record.isTombstone()) {
            ShareGroupTargetAssignmentMetadataValue value =
                    record.readValue(new ShareGroupTargetAssignmentMetadataValue());
            groupOrNew(groupId).assignment(value.assignmentEpoch(), value.assignmentTimestamp());
        } else if (group != null) {
            group.assignment(0, 0L);
        }
    }

    private void replayTarget(KindRecord record) {
        ShareGroupTargetAssignmentMemberKey key = record.readKey(new ShareGroupTargetAssignmentMemberKey());
        if (record.isTombstone()) {
            ofMember(key.groupId(), key.memberId(), (group, member) -> member.target(PartitionSet.EMPTY));
            return;
        }
        Map<Uuid, Set<Integer>> partitions = new HashMap<>();
        record.readValue(new ShareGroupTargetAssignmentMemberValue())
                .topicPartitions()
                .forEach(topic -> partitions.put(topic.topicId(), new TreeSet<>(topic.partitions())));
        groupOrNew(key.groupId()).memberOrNew(key.memberId()).target(PartitionSet.of(partitions));
    }

    private void replayCurrent(KindRecord record) {
        ShareGroupCurrentMemberAssignmentKey key = record.readKey(new ShareGroupCurrentMemberAssignmentKey());
        if (record.isTombstone()) {
            ofMember(key.groupId(), key.memberId(), (group, member) -> member.assign(0, 0, PartitionSet.EMPTY));
            return;
        }
        ShareGroupCurrentMemberAssignmentValue value = record.readValue(new ShareGroupCurrentMemberAssignmentValue());
        Map<Uuid, Set<Integer>> partitions = new HashMap<>();
        value.assignedPartitions().forEach(topic -> partitions.put(topic.topicId(), new TreeSet<>(topic.partitions())));
        groupOrNew(key.groupId())
                .memberOrNew(key.memberId())
                .assign(value.memberEpoch(), value.previousMemberEpoch(), PartitionSet.of(partitions));
    }

    private void ofMember(String groupId, String memberId, BiConsumer<ShareGroup, ShareMember> change) {
        ShareGroup group = groups.get(groupId);
        ShareMember member = group == null ? null : group.member(memberId);
        if (group != null && member != null) {
            change.accept(group, member);
        }
    }

    private void replayStates(KindRecord record) {
        String groupId =
                record.readKey(new ShareGroupStatePartitionMetadataKey()).groupId();
        ShareGroup group = groups.get(groupId);
        if (record.isTombstone()) {
            if (group != null) {
                group.states(StatePartitions.NONE);
            }
            return;
        }
        ShareGroupStatePartitionMetadataValue value = record.readValue(new ShareGroupStatePartitionMetadataValue());
        Map<Uuid, String> names = new HashMap<>();
        Set<Uuid> deleting = new TreeSet<>();
        PartitionSet initializing = set(value.initializingTopics(), names);
        PartitionSet initialized = set(value.initializedTopics(), names);
        value.deletingTopics().forEach(topic -> {
            deleting.add(topic.topicId());
            names.put(topic.topicId(), topic.topicName());
        });
        groupOrNew(groupId).states(new StatePartitions(initializing, initialized, deleting, names));
    }

    private static PartitionSet set(
            List<ShareGroupStatePartitionMetadataValue.TopicPartitionsInfo> topics, Map<Uuid, String> names) {
        Map<Uuid, Set<Integer>> partitions = new HashMap<>();
        topics.forEach(topic -> {
            partitions.put(topic.topicId(), new TreeSet<>(topic.partitions()));
            names.put(topic.topicId(), topic.topicName());
        });
        return PartitionSet.of(partitions);
    }
}
