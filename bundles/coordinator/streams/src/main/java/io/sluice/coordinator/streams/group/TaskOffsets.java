package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How much of the state of tasks a member has, as it told last. Not kept: members tell again. Of tasks that there are, so that it takes no more memory than these.
 * Immutable.
 */
record TaskOffsets(Map<TaskId, Long> offsets, Map<TaskId, Long> ends) {
    static final TaskOffsets NONE = new TaskOffsets(Map.of(), Map.of());

    /** As many at most while it is not known how many tasks there are. */
    static final int UNCOUNTED_MAX = 10_000;

    /** What is null has not changed. */
    TaskOffsets updated(
            @Nullable List<StreamsGroupHeartbeatRequest.TaskOffset> newOffsets,
            @Nullable List<StreamsGroupHeartbeatRequest.TaskOffset> newEnds,
            ConfiguredTopology topology) {
        return new TaskOffsets(
                newOffsets == null ? offsets : map(newOffsets, topology),
                newEnds == null ? ends : map(newEnds, topology));
    }

    private static Map<TaskId, Long> map(
            List<StreamsGroupHeartbeatRequest.TaskOffset> list, ConfiguredTopology topology) {
        Map<TaskId, Long> map = new TreeMap<>();
        boolean counted = !topology.taskCounts().isEmpty();
        for (StreamsGroupHeartbeatRequest.TaskOffset entry : list) {
            boolean exists = counted
                    ? entry.partition() < topology.taskCount(entry.subtopologyId())
                    : map.size() < UNCOUNTED_MAX && topology.topology().subtopology(entry.subtopologyId()) != null;
            if (exists && entry.partition() >= 0) {
                map.put(new TaskId(entry.subtopologyId(), entry.partition()), entry.offset());
            }
        }
        return map;
    }
}
