package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.Tasks;
import java.util.List;
import java.util.Map;

/** Decides who is to do which task: a pure computation. Any thread. */
@FunctionalInterface
public interface TaskAssignor {
    /**
     * Gives each task to exactly one member as an active task, as long as there are members.
     *
     * @param members in the order of their ids
     * @return what each of them is to have
     */
    Map<String, Tasks> assign(List<Candidate> members, Work work);
}
