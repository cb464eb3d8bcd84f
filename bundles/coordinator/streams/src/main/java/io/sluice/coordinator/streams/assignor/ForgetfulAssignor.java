package io.sluice.coordinator.streams.assignor;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.Tasks;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The fault that a proof switches on: each assignment leaves a task out, so that nobody processes its partitions. */
public final class ForgetfulAssignor implements TaskAssignor {
    /** The name of the fault. */
    public static final String NAME = "forget-task";

    private final TaskAssignor assignor;

    public ForgetfulAssignor(TaskAssignor assignor) {
        this.assignor = assignor;
    }

    @Override
    public Map<String, Tasks> assign(List<Candidate> members, Work work) {
        Map<String, Tasks> assigned = new TreeMap<>(assignor.assign(members, work));
        for (Map.Entry<String, Tasks> member : assigned.entrySet()) {
            Set<TaskId> active = new TreeSet<>(member.getValue().active());
            if (active.removeIf(task -> task.equals(member.getValue().active().last()))) {
                member.setValue(Tasks.of(
                        active, member.getValue().standby(), member.getValue().warmup()));
                break;
            }
        }
        return assigned;
    }
}
