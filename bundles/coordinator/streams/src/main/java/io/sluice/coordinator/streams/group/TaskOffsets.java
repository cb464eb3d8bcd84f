package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How much of the state of tasks a member has, as it told last. Not kept: members tell again. Immutable. */
record TaskOffsets(Map<TaskId, Long> offsets, Map<TaskId, Long> ends) {
    static final TaskOffsets NONE = new TaskOffsets(Map.of(), Map.of());

    /** What is null has not changed. */
    TaskOffsets updated(
            @Nullable List<StreamsGroupHeartbeatRequest.TaskOffset> newOffsets,
            @Nullable List<StreamsGroupHeartbeatRequest.TaskOffset> newEnds) {
        return new TaskOffsets(newOffsets == null ? offsets : map(newOffsets), newEnds == null ? ends : map(newEnds));
    }

    private static Map<TaskId, Long> map(List<StreamsGroupHeartbeatRequest.TaskOffset> list) {
        Map<TaskId, Long> map = new TreeMap<>();
        list.forEach(entry -> map.put(new TaskId(entry.subtopologyId(), entry.partition()), entry.offset()));
        return map;
    }
}
