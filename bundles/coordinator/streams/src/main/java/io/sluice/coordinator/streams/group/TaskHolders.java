package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.streams.task.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which members have which task, what is to be given up too. Its group keeps it as members change, so that whoever wants a task need not look at all
 * of them.
 */
final class TaskHolders {
    record Holder(String memberId, String processId) {}

    private final Map<TaskId, List<Holder>> active = new HashMap<>();
    private final Map<TaskId, List<Holder>> copies = new HashMap<>();

    void add(StreamsMember member) {
        Holder holder = holder(member);
        member.current().heldActive().forEach(task -> add(active, task, holder));
        forEachCopy(member, task -> add(copies, task, holder));
    }

    void remove(StreamsMember member) {
        Holder holder = holder(member);
        member.current().heldActive().forEach(task -> remove(active, task, holder));
        forEachCopy(member, task -> remove(copies, task, holder));
    }

    private static Holder holder(StreamsMember member) {
        return new Holder(member.memberId(), member.metadata().processId());
    }

    private static void forEachCopy(StreamsMember member, Consumer<TaskId> action) {
        CurrentTasks current = member.current();
        current.tasks().standby().forEach(action);
        current.tasks().warmup().forEach(action);
        current.revoking().standby().forEach(action);
        current.revoking().warmup().forEach(action);
    }

    private static void add(Map<TaskId, List<Holder>> holders, TaskId task, Holder holder) {
        holders.computeIfAbsent(task, id -> new ArrayList<>(1)).add(holder);
    }

    private static void remove(Map<TaskId, List<Holder>> holders, TaskId task, Holder holder) {
        holders.computeIfPresent(task, (id, list) -> {
            list.remove(holder);
            return list.isEmpty() ? null : list;
        });
    }

    /** What a member may have beside all others. */
    Beside beside(StreamsMember member) {
        return new Beside(this, holder(member));
    }

    /**
     * The tasks from one member's view. An active task is nobody else's, and a process has a task once only, because its members share the state on its
     * disk.
     */
    record Beside(TaskHolders holders, Holder member) {
        boolean isFreeToProcess(TaskId task) {
            for (Holder other : holders.active.getOrDefault(task, List.of())) {
                if (isOther(other)) {
                    return false;
                }
            }
            return !isCopied(task);
        }

        boolean isFreeToCopy(TaskId task) {
            for (Holder other : holders.active.getOrDefault(task, List.of())) {
                if (isOther(other) && isOfProcess(other)) {
                    return false;
                }
            }
            return !isCopied(task);
        }

        /** By another member of the process. */
        private boolean isCopied(TaskId task) {
            for (Holder other : holders.copies.getOrDefault(task, List.of())) {
                if (isOther(other) && isOfProcess(other)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isOther(Holder holder) {
            return !holder.memberId().equals(member.memberId());
        }

        private boolean isOfProcess(Holder holder) {
            return holder.processId().equals(member.processId());
        }
    }
}
