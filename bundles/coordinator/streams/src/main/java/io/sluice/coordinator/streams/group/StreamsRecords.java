package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.api.KindRecord;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.coordinator.streams.topology.Topology;
import io.sluice.coordinator.streams.topology.TopologyMessages;
import io.sluice.protocol.group.StreamsGroupCurrentMemberAssignmentKey;
import io.sluice.protocol.group.StreamsGroupMemberMetadataKey;
import io.sluice.protocol.group.StreamsGroupMetadataKey;
import io.sluice.protocol.group.StreamsGroupMetadataValue;
import io.sluice.protocol.group.StreamsGroupMetadataValue.LastAssignmentConfig;
import io.sluice.protocol.group.StreamsGroupTargetAssignmentMemberKey;
import io.sluice.protocol.group.StreamsGroupTargetAssignmentMetadataKey;
import io.sluice.protocol.group.StreamsGroupTargetAssignmentMetadataValue;
import io.sluice.protocol.group.StreamsGroupTopologyKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Makes the records of streams groups, in Kafka's schemas, all of version 0. Stateless. */
final class StreamsRecords {
    static final short GROUP = 17;
    static final short MEMBER = 19;
    static final short TARGET_EPOCH = 20;
    static final short TARGET = 21;
    static final short CURRENT = 22;
    static final short TOPOLOGY = 23;

    static final Set<Short> TYPES = Set.of(GROUP, MEMBER, TARGET_EPOCH, TARGET, CURRENT, TOPOLOGY);

    private static final short VERSION = 0;

    private StreamsRecords() {}

    static KindRecord group(String groupId, GroupEpoch epoch) {
        List<LastAssignmentConfig> configs = new ArrayList<>();
        epoch.configs()
                .forEach((key, value) ->
                        configs.add(new LastAssignmentConfig().setKey(key).setValue(value)));
        return KindRecord.of(
                new StreamsGroupMetadataKey().setGroupId(groupId),
                new StreamsGroupMetadataValue()
                        .setEpoch(epoch.epoch())
                        .setMetadataHash(epoch.metadataHash())
                        .setValidatedTopologyEpoch(epoch.validatedTopologyEpoch())
                        .setLastAssignmentConfigs(configs)
                        .setStoredDescriptionTopologyEpoch(epoch.storedDescriptionEpoch())
                        .setFailedDescriptionTopologyEpoch(epoch.failedDescriptionEpoch()),
                VERSION);
    }

    static KindRecord member(String groupId, StreamsMember member) {
        return KindRecord.of(memberKey(groupId, member.memberId()), MemberRecords.metadata(member.metadata()), VERSION);
    }

    private static StreamsGroupMemberMetadataKey memberKey(String groupId, String memberId) {
        return new StreamsGroupMemberMetadataKey().setGroupId(groupId).setMemberId(memberId);
    }

    static KindRecord targetEpoch(String groupId, int epoch, long timestampMs) {
        return KindRecord.of(
                new StreamsGroupTargetAssignmentMetadataKey().setGroupId(groupId),
                new StreamsGroupTargetAssignmentMetadataValue()
                        .setAssignmentEpoch(epoch)
                        .setAssignmentTimestamp(timestampMs),
                VERSION);
    }

    static KindRecord target(String groupId, String memberId, Tasks tasks) {
        return KindRecord.of(targetKey(groupId, memberId), MemberRecords.target(tasks), VERSION);
    }

    private static StreamsGroupTargetAssignmentMemberKey targetKey(String groupId, String memberId) {
        return new StreamsGroupTargetAssignmentMemberKey().setGroupId(groupId).setMemberId(memberId);
    }

    static KindRecord current(String groupId, StreamsMember member) {
        return KindRecord.of(currentKey(groupId, member.memberId()), MemberRecords.current(member.current()), VERSION);
    }

    private static StreamsGroupCurrentMemberAssignmentKey currentKey(String groupId, String memberId) {
        return new StreamsGroupCurrentMemberAssignmentKey().setGroupId(groupId).setMemberId(memberId);
    }

    static KindRecord topology(String groupId, Topology topology) {
        return KindRecord.of(
                new StreamsGroupTopologyKey().setGroupId(groupId), TopologyMessages.toRecord(topology), VERSION);
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
                KindRecord.tombstone(new StreamsGroupTargetAssignmentMetadataKey().setGroupId(groupId)),
                KindRecord.tombstone(new StreamsGroupTopologyKey().setGroupId(groupId)),
                KindRecord.tombstone(new StreamsGroupMetadataKey().setGroupId(groupId)));
    }
}
