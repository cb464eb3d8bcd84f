package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.TaskLists;
import io.sluice.coordinator.streams.task.Tasks;
import io.sluice.protocol.group.StreamsGroupCurrentMemberAssignmentValue;
import io.sluice.protocol.group.StreamsGroupMemberMetadataValue;
import io.sluice.protocol.group.StreamsGroupTargetAssignmentMemberValue;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of the records of members, and what they say. Stateless. */
final class MemberRecords {
    private MemberRecords() {}

    // ---- metadata

    static StreamsGroupMemberMetadataValue metadata(MemberMetadata metadata) {
        UserEndpoint endpoint = metadata.endpoint();
        List<StreamsGroupMemberMetadataValue.KeyValue> tags = new ArrayList<>();
        metadata.tags()
                .forEach((key, value) -> tags.add(new StreamsGroupMemberMetadataValue.KeyValue()
                        .setKey(key)
                        .setValue(value)));
        return new StreamsGroupMemberMetadataValue()
                .setInstanceId(metadata.instanceId())
                .setRackId(metadata.rackId())
                .setClientId(metadata.clientId())
                .setClientHost(metadata.clientHost())
                .setRebalanceTimeoutMs(metadata.rebalanceTimeoutMs())
                .setTopologyEpoch(metadata.topologyEpoch())
                .setProcessId(metadata.processId())
                .setUserEndpoint(
                        endpoint == null
                                ? null
                                : new StreamsGroupMemberMetadataValue.Endpoint()
                                        .setHost(endpoint.host())
                                        .setPort(endpoint.port()))
                .setClientTags(tags);
    }

    static MemberMetadata metadata(StreamsGroupMemberMetadataValue value) {
        StreamsGroupMemberMetadataValue.Endpoint endpoint = value.userEndpoint();
        SortedMap<String, String> tags = new TreeMap<>();
        value.clientTags().forEach(tag -> tags.put(tag.key(), tag.value()));
        return new MemberMetadata(
                value.instanceId(),
                value.rackId(),
                value.clientId(),
                value.clientHost(),
                value.rebalanceTimeoutMs(),
                value.topologyEpoch(),
                value.processId(),
                endpoint == null ? null : new UserEndpoint(endpoint.host(), endpoint.port()),
                tags);
    }

    // ---- targets

    static StreamsGroupTargetAssignmentMemberValue target(Tasks tasks) {
        return new StreamsGroupTargetAssignmentMemberValue()
                .setActiveTasks(targets(tasks.active()))
                .setStandbyTasks(targets(tasks.standby()))
                .setWarmupTasks(targets(tasks.warmup()));
    }

    private static List<StreamsGroupTargetAssignmentMemberValue.TaskIds> targets(Set<TaskId> tasks) {
        return TaskLists.toList(tasks, (id, partitions) -> new StreamsGroupTargetAssignmentMemberValue.TaskIds()
                .setSubtopologyId(id)
                .setPartitions(partitions));
    }

    static Tasks target(StreamsGroupTargetAssignmentMemberValue value) {
        return Tasks.of(targets(value.activeTasks()), targets(value.standbyTasks()), targets(value.warmupTasks()));
    }

    private static NavigableSet<TaskId> targets(List<StreamsGroupTargetAssignmentMemberValue.TaskIds> list) {
        return TaskLists.toSet(
                list,
                StreamsGroupTargetAssignmentMemberValue.TaskIds::subtopologyId,
                StreamsGroupTargetAssignmentMemberValue.TaskIds::partitions);
    }

    // ---- present tasks

    static StreamsGroupCurrentMemberAssignmentValue current(CurrentTasks current) {
        Tasks tasks = current.tasks();
        Tasks revoking = current.revoking();
        return new StreamsGroupCurrentMemberAssignmentValue()
                .setMemberEpoch(current.epoch())
                .setPreviousMemberEpoch(current.previousEpoch())
                .setState(current.state().code())
                .setActiveTasks(currents(tasks.active(), current.since()))
                .setStandbyTasks(currents(tasks.standby(), null))
                .setWarmupTasks(currents(tasks.warmup(), null))
                .setActiveTasksPendingRevocation(currents(revoking.active(), current.since()))
                .setStandbyTasksPendingRevocation(currents(revoking.standby(), null))
                .setWarmupTasksPendingRevocation(currents(revoking.warmup(), null));
    }

    private static List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> currents(
            Set<TaskId> tasks, @Nullable NavigableMap<TaskId, Integer> since) {
        return TaskLists.toList(tasks, (id, partitions) -> {
            List<Integer> epochs = since == null ? null : new ArrayList<>(partitions.size());
            if (since != null && epochs != null) {
                for (int partition : partitions) {
                    epochs.add(since.getOrDefault(new TaskId(id, partition), 0));
                }
            }
            return new StreamsGroupCurrentMemberAssignmentValue.TaskIds()
                    .setSubtopologyId(id)
                    .setPartitions(partitions)
                    .setAssignmentEpochs(epochs);
        });
    }

    /** Where no epochs are said, a task counts as given at the beginning, so that commits for it are not refused. */
    static CurrentTasks current(StreamsGroupCurrentMemberAssignmentValue value) {
        NavigableMap<TaskId, Integer> since = new TreeMap<>();
        since(value.activeTasks(), since);
        since(value.activeTasksPendingRevocation(), since);
        return new CurrentTasks(
                value.memberEpoch(),
                value.previousMemberEpoch(),
                MemberState.of(value.state()),
                Tasks.of(currents(value.activeTasks()), currents(value.standbyTasks()), currents(value.warmupTasks())),
                Tasks.of(
                        currents(value.activeTasksPendingRevocation()),
                        currents(value.standbyTasksPendingRevocation()),
                        currents(value.warmupTasksPendingRevocation())),
                since);
    }

    private static void since(
            List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> list, NavigableMap<TaskId, Integer> since) {
        for (StreamsGroupCurrentMemberAssignmentValue.TaskIds entry : list) {
            List<Integer> epochs = entry.assignmentEpochs();
            for (int i = 0; i < entry.partitions().size(); i++) {
                int epoch = epochs != null && i < epochs.size() ? epochs.get(i) : 0;
                since.put(new TaskId(entry.subtopologyId(), entry.partitions().get(i)), epoch);
            }
        }
    }

    private static NavigableSet<TaskId> currents(List<StreamsGroupCurrentMemberAssignmentValue.TaskIds> list) {
        return TaskLists.toSet(
                list,
                StreamsGroupCurrentMemberAssignmentValue.TaskIds::subtopologyId,
                StreamsGroupCurrentMemberAssignmentValue.TaskIds::partitions);
    }
}
