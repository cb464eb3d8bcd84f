package io.sluice.coordinator.streams.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.streams.assignor.StickyAssignor;
import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.TaskLists;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.coordinator.streams.topology.Topology;
import io.sluice.coordinator.streams.topology.TopologyMessages;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.Assignment;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.DescribedGroup;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.Endpoint;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.KeyValue;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.Member;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.TaskIds;
import io.sluice.protocol.message.StreamsGroupDescribeResponse.TaskOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What administrators are told of streams groups. For one state machine. */
public final class StreamsDescriptions {
    private final StreamsGroupTable groups;
    private final Topologies topologies;

    StreamsDescriptions(StreamsGroupTable groups, Topologies topologies) {
        this.groups = groups;
        this.topologies = topologies;
    }

    /** One group; one that is not there is an error. */
    public DescribedGroup describe(String groupId) {
        StreamsGroup group = groups.find(groupId);
        if (group == null) {
            return new DescribedGroup()
                    .setGroupId(groupId)
                    .setErrorCode(ErrorCode.GROUP_ID_NOT_FOUND.code())
                    .setErrorMessage("Streams group " + groupId + " not found.");
        }
        List<Member> members = new ArrayList<>(group.members().size());
        for (StreamsMember member : group.members()) {
            members.add(describe(group, member));
        }
        ConfiguredTopology configured = topologies.of(group);
        Topology topology = configured != null && configured.isReady() ? configured.topology() : group.topology();
        return new DescribedGroup()
                .setGroupId(groupId)
                .setGroupState(group.state())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.assignmentEpoch())
                .setAssignorName(StickyAssignor.NAME)
                .setTopology(topology == null ? null : TopologyMessages.toDescription(topology))
                .setMembers(members);
    }

    private static Member describe(StreamsGroup group, StreamsMember member) {
        MemberMetadata metadata = member.metadata();
        UserEndpoint endpoint = metadata.endpoint();
        List<KeyValue> tags = new ArrayList<>();
        metadata.tags()
                .forEach((key, value) -> tags.add(new KeyValue().setKey(key).setValue(value)));
        TaskOffsets offsets = group.offsets(member.memberId());
        return new Member()
                .setMemberId(member.memberId())
                .setMemberEpoch(member.epoch())
                .setInstanceId(metadata.instanceId())
                .setRackId(metadata.rackId())
                .setClientId(metadata.clientId())
                .setClientHost(metadata.clientHost())
                .setTopologyEpoch(metadata.topologyEpoch())
                .setProcessId(metadata.processId())
                .setUserEndpoint(
                        endpoint == null
                                ? null
                                : new Endpoint().setHost(endpoint.host()).setPort(endpoint.port()))
                .setClientTags(tags)
                .setTaskOffsets(offsets(offsets.offsets()))
                .setTaskEndOffsets(offsets(offsets.ends()))
                .setAssignment(assignment(member.current().tasks()))
                .setTargetAssignment(assignment(group.target(member.memberId())));
    }

    private static List<TaskOffset> offsets(Map<TaskId, Long> offsets) {
        List<TaskOffset> list = new ArrayList<>(offsets.size());
        offsets.forEach((task, offset) -> list.add(new TaskOffset()
                .setSubtopologyId(task.subtopologyId())
                .setPartition(task.partition())
                .setOffset(offset)));
        return list;
    }

    private static Assignment assignment(Tasks tasks) {
        return new Assignment()
                .setActiveTasks(list(tasks.active()))
                .setStandbyTasks(list(tasks.standby()))
                .setWarmupTasks(list(tasks.warmup()));
    }

    private static List<TaskIds> list(Set<TaskId> tasks) {
        return TaskLists.toList(
                tasks, (id, partitions) -> new TaskIds().setSubtopologyId(id).setPartitions(partitions));
    }
}
