package io.sluice.coordinator.streams.group;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.streams.task.TaskLists;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.TaskIds;
import java.util.List;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/** What may be wrong with a heartbeat, with Kafka's errors. Stateless. */
final class HeartbeatChecks {
    static final int JOIN_EPOCH = 0;
    static final int LEAVE_EPOCH = -1;

    private HeartbeatChecks() {}

    static boolean joins(StreamsGroupHeartbeatRequest request) {
        return request.memberEpoch() == JOIN_EPOCH;
    }

    /** What is wrong whatever the group is; null when nothing is. */
    static @Nullable HeartbeatOutcome invalid(StreamsGroupHeartbeatRequest request) {
        String flaw = flaw(request);
        if (flaw != null) {
            return HeartbeatOutcome.refused(ErrorCode.INVALID_REQUEST, flaw);
        }
        String topologyFlaw = request.topology() == null ? null : TopologyChecks.flaw(request.topology());
        return topologyFlaw == null ? null : HeartbeatOutcome.refused(ErrorCode.STREAMS_INVALID_TOPOLOGY, topologyFlaw);
    }

    private static @Nullable String flaw(StreamsGroupHeartbeatRequest request) {
        if (request.memberId().isBlank()) {
            return "MemberId can't be empty.";
        }
        if (request.groupId().isBlank()) {
            return "GroupId can't be empty.";
        }
        if (request.instanceId() != null && request.instanceId().isBlank()) {
            return "InstanceId can't be empty.";
        }
        if (request.rackId() != null && request.rackId().isBlank()) {
            return "RackId can't be empty.";
        }
        String ofEpoch = joins(request) ? joinFlaw(request) : memberFlaw(request);
        return ofEpoch != null ? ofEpoch : regexFlaw(request);
    }

    private static @Nullable String joinFlaw(StreamsGroupHeartbeatRequest request) {
        if (request.rebalanceTimeoutMs() == -1) {
            return "RebalanceTimeoutMs must be provided in first request.";
        }
        if (request.activeTasks() == null || !request.activeTasks().isEmpty()) {
            return "ActiveTasks must be empty when (re-)joining.";
        }
        if (request.standbyTasks() == null || !request.standbyTasks().isEmpty()) {
            return "StandbyTasks must be empty when (re-)joining.";
        }
        if (request.warmupTasks() == null || !request.warmupTasks().isEmpty()) {
            return "WarmupTasks must be empty when (re-)joining.";
        }
        return request.topology() == null ? "Topology must be non-null when (re-)joining." : null;
    }

    private static @Nullable String memberFlaw(StreamsGroupHeartbeatRequest request) {
        int epoch = request.memberEpoch();
        if (epoch == StreamsGroup.EPOCH_OF_ABSENT_STATIC_MEMBER && request.instanceId() == null) {
            return "InstanceId can't be null.";
        }
        if (epoch < StreamsGroup.EPOCH_OF_ABSENT_STATIC_MEMBER) {
            return "MemberEpoch is " + epoch + ", but must be greater than or equal to -2.";
        }
        boolean some = request.activeTasks() != null || request.standbyTasks() != null || request.warmupTasks() != null;
        boolean all = request.activeTasks() != null && request.standbyTasks() != null && request.warmupTasks() != null;
        if (some && !all) {
            return "If one task-type is non-null, all must be non-null.";
        }
        return request.topology() != null ? "Topology can only be provided when (re-)joining." : null;
    }

    private static @Nullable String regexFlaw(StreamsGroupHeartbeatRequest request) {
        StreamsGroupHeartbeatRequest.Topology topology = request.topology();
        if (topology != null) {
            for (StreamsGroupHeartbeatRequest.Subtopology subtopology : topology.subtopologies()) {
                if (!subtopology.sourceTopicRegex().isEmpty()) {
                    return "Regular expressions for source topics are not supported yet.";
                }
            }
        }
        return null;
    }

    /** What the member says that it has; null when it does not say. */
    static @Nullable Tasks owned(StreamsGroupHeartbeatRequest request) {
        return request.activeTasks() == null
                ? null
                : Tasks.of(set(request.activeTasks()), set(request.standbyTasks()), set(request.warmupTasks()));
    }

    private static NavigableSet<io.sluice.coordinator.streams.task.TaskId> set(@Nullable List<TaskIds> list) {
        return TaskLists.toSet(list, TaskIds::subtopologyId, TaskIds::partitions);
    }

    /** What is wrong with the tasks that a member says that it has; null when nothing is. */
    static @Nullable HeartbeatOutcome unknownTasks(StreamsGroupHeartbeatRequest request, ConfiguredTopology topology) {
        for (List<TaskIds> list :
                java.util.Arrays.asList(request.activeTasks(), request.standbyTasks(), request.warmupTasks())) {
            String flaw = list == null || !topology.isReady() ? null : flaw(list, topology);
            if (flaw != null) {
                return HeartbeatOutcome.refused(ErrorCode.INVALID_REQUEST, flaw);
            }
        }
        return null;
    }

    private static @Nullable String flaw(List<TaskIds> list, ConfiguredTopology topology) {
        for (TaskIds entry : list) {
            if (!topology.taskCounts().containsKey(entry.subtopologyId())) {
                return "Subtopology " + entry.subtopologyId() + " does not exist in the topology.";
            }
            int count = topology.taskCount(entry.subtopologyId());
            for (int partition : entry.partitions()) {
                if (partition < 0 || partition >= count) {
                    return "Task " + partition + " for subtopology " + entry.subtopologyId()
                            + " is invalid. Number of tasks for this subtopology: " + count;
                }
            }
        }
        return null;
    }
}
