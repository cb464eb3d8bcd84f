package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.Tasks;
import java.util.Map;

/**
 * A member as assignors see it.
 *
 * @param processId of the process that it is a thread of; members of one process share the state on its disk
 * @param tags where the process runs, by what it was told at start
 * @param previous what its target has been so far
 * @param offsets how much of the state of tasks it has told that it has, in records
 */
public record Candidate(
        String memberId, String processId, Map<String, String> tags, Tasks previous, Map<TaskId, Long> offsets) {}
