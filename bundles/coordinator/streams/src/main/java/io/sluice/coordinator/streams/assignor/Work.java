package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.topology.ConfiguredTopology;
import io.sluice.coordinator.streams.topology.Subtopology;
import java.util.ArrayList;
import java.util.List;

/**
 * What is to be done.
 *
 * @param tasks all of them
 * @param stateful those that keep state
 * @param standbys how many copies of the state of each there are to be
 * @param rackTags by which tags copies are to be spread; empty when they need not be
 */
public record Work(List<TaskId> tasks, List<TaskId> stateful, int standbys, List<String> rackTags) {
    public static Work of(ConfiguredTopology topology, int standbys, List<String> rackTags) {
        List<TaskId> tasks = new ArrayList<>();
        List<TaskId> stateful = new ArrayList<>();
        for (Subtopology subtopology : topology.subtopologies()) {
            for (int i = 0; i < topology.taskCount(subtopology.id()); i++) {
                TaskId task = new TaskId(subtopology.id(), i);
                tasks.add(task);
                if (subtopology.isStateful()) {
                    stateful.add(task);
                }
            }
        }
        return new Work(tasks, stateful, standbys, rackTags);
    }
}
