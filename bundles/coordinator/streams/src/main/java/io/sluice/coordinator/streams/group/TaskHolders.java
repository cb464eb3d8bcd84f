package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.streams.task.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who else has which task, what is to be given up too. An active task is nobody else's, and a process has a task once only, because its members share
 * the state on its disk.
 */
final class TaskHolders {
    private final String processId;
    private final Map<TaskId, String> active = new HashMap<>();
    private final Set<TaskId> ofProcess = new HashSet<>();

    TaskHolders(StreamsGroup group, StreamsMember member) {
        this.processId = member.metadata().processId();
        for (StreamsMember other : group.members()) {
            if (!other.memberId().equals(member.memberId())) {
                add(other);
            }
        }
    }

    private void add(StreamsMember other) {
        String process = other.metadata().processId();
        CurrentTasks current = other.current();
        current.heldActive().forEach(task -> active.put(task, process));
        if (process.equals(processId)) {
            ofProcess.addAll(current.tasks().standby());
            ofProcess.addAll(current.tasks().warmup());
            ofProcess.addAll(current.revoking().standby());
            ofProcess.addAll(current.revoking().warmup());
        }
    }

    boolean isFreeToProcess(TaskId task) {
        return !active.containsKey(task) && !ofProcess.contains(task);
    }

    boolean isFreeToCopy(TaskId task) {
        return !processId.equals(active.get(task)) && !ofProcess.contains(task);
    }
}
