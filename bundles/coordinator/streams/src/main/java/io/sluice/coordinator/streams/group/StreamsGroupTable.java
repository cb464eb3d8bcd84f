package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.coordinator.streams.topology.TopologyMessages;
import io.sluice.protocol.group.StreamsGroupCurrentMemberAssignmentKey;
import io.sluice.protocol.group.StreamsGroupCurrentMemberAssignmentValue;
import io.sluice.protocol.group.StreamsGroupMemberMetadataKey;
import io.sluice.protocol.group.StreamsGroupMemberMetadataValue;
import io.sluice.protocol.group.StreamsGroupMetadataKey;
import io.sluice.protocol.group.StreamsGroupMetadataValue;
import io.sluice.protocol.group.StreamsGroupTargetAssignmentMemberKey;
import io.sluice.protocol.group.StreamsGroupTargetAssignmentMemberValue;
import io.sluice.protocol.group.StreamsGroupTargetAssignmentMetadataKey;
import io.sluice.protocol.group.StreamsGroupTargetAssignmentMetadataValue;
import io.sluice.protocol.group.StreamsGroupTopologyKey;
import io.sluice.protocol.group.StreamsGroupTopologyValue;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The streams groups of one partition, made by replay alone. Compaction lets records of a group and its members come in any order: the first makes
 * the group or the member, the tombstone of its own record ends it. For one state machine.
 */
final class StreamsGroupTable {
    private final Map<String, StreamsGroup> groups = new TreeMap<>();

    @Nullable
    StreamsGroup find(String groupId) {
        return groups.get(groupId);
    }

    Collection<StreamsGroup> all() {
        return List.copyOf(groups.values());
    }

    void replay(KindRecord record) {
        switch (record.type()) {
            case StreamsRecords.GROUP -> replayGroup(record);
            case StreamsRecords.MEMBER -> replayMember(record);
            case StreamsRecords.TARGET_EPOCH -> replayTargetEpoch(record);
            case StreamsRecords.TARGET -> replayTarget(record);
            case StreamsRecords.CURRENT -> replayCurrent(record);
            case StreamsRecords.TOPOLOGY -> replayTopology(record);
            default -> throw new IllegalArgumentException("not a record of streams groups: " + record.type());
        }
    }

    private StreamsGroup groupOrNew(String groupId) {
        return groups.computeIfAbsent(groupId, StreamsGroup::new);
    }

    private void replayGroup(KindRecord record) {
        String groupId = record.readKey(new StreamsGroupMetadataKey()).groupId();
        if (record.isTombstone()) {
            groups.remove(groupId);
            return;
        }
        StreamsGroupMetadataValue value = record.readValue(new StreamsGroupMetadataValue());
        SortedMap<String, String> configs = new TreeMap<>();
        List<StreamsGroupMetadataValue.LastAssignmentConfig> last = value.lastAssignmentConfigs();
        if (last != null) {
            last.forEach(config -> configs.put(config.key(), config.value()));
        }
        groupOrNew(groupId)
                .epoch(new GroupEpoch(
                        value.epoch(),
                        value.metadataHash(),
                        value.validatedTopologyEpoch(),
                        configs,
                        value.storedDescriptionTopologyEpoch(),
                        value.failedDescriptionTopologyEpoch()));
    }

    private void replayMember(KindRecord record) {
        StreamsGroupMemberMetadataKey key = record.readKey(new StreamsGroupMemberMetadataKey());
        if (!record.isTombstone()) {
            StreamsGroup group = groupOrNew(key.groupId());
            MemberMetadata metadata = MemberRecords.metadata(record.readValue(new StreamsGroupMemberMetadataValue()));
            group.put(memberOrNew(group, key.memberId()).with(metadata));
            return;
        }
        StreamsGroup group = groups.get(key.groupId());
        if (group != null) {
            group.remove(key.memberId());
        }
    }

    private static StreamsMember memberOrNew(StreamsGroup group, String memberId) {
        StreamsMember member = group.member(memberId);
        return member == null ? StreamsMember.of(memberId) : member;
    }

    private void replayTargetEpoch(KindRecord record) {
        String groupId =
                record.readKey(new StreamsGroupTargetAssignmentMetadataKey()).groupId();
        if (!record.isTombstone()) {
            StreamsGroupTargetAssignmentMetadataValue value =
                    record.readValue(new StreamsGroupTargetAssignmentMetadataValue());
            groupOrNew(groupId).assignment(value.assignmentEpoch(), value.assignmentTimestamp());
            return;
        }
        StreamsGroup group = groups.get(groupId);
        if (group != null) {
            group.noAssignment();
        }
    }

    private void replayTarget(KindRecord record) {
        StreamsGroupTargetAssignmentMemberKey key = record.readKey(new StreamsGroupTargetAssignmentMemberKey());
        if (!record.isTombstone()) {
            groupOrNew(key.groupId())
                    .target(
                            key.memberId(),
                            MemberRecords.target(record.readValue(new StreamsGroupTargetAssignmentMemberValue())));
            return;
        }
        StreamsGroup group = groups.get(key.groupId());
        if (group != null) {
            group.target(key.memberId(), Tasks.EMPTY);
        }
    }

    private void replayCurrent(KindRecord record) {
        StreamsGroupCurrentMemberAssignmentKey key = record.readKey(new StreamsGroupCurrentMemberAssignmentKey());
        if (!record.isTombstone()) {
            StreamsGroup group = groupOrNew(key.groupId());
            CurrentTasks current =
                    MemberRecords.current(record.readValue(new StreamsGroupCurrentMemberAssignmentValue()));
            group.put(memberOrNew(group, key.memberId()).with(current));
            return;
        }
        StreamsGroup group = groups.get(key.groupId());
        StreamsMember member = group == null ? null : group.member(key.memberId());
        if (group != null && member != null) {
            group.put(member.with(CurrentTasks.NONE));
        }
    }

    private void replayTopology(KindRecord record) {
        String groupId = record.readKey(new StreamsGroupTopologyKey()).groupId();
        if (!record.isTombstone()) {
            groupOrNew(groupId)
                    .topology(TopologyMessages.fromRecord(record.readValue(new StreamsGroupTopologyValue())));
            return;
        }
        StreamsGroup group = groups.get(groupId);
        if (group != null) {
            group.topology(null);
        }
    }
}
