package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.Tasks;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One step of a member towards its target (KIP-1071): first it gives up what it is not to have any more, and only when it has said so does it come to
 * the target's epoch; then it gets what it is to have as soon as nobody else has it.
 *
 * @param targetEpoch of the target assignment
 * @param target what the member is to have
 * @param holders what others have
 * @param owned what the member says that it has, or null when it did not say
 */
record Reconciliation(
        int targetEpoch,
        Tasks target,
        TaskHolders.Beside holders,
        @Nullable Tasks owned) {
    /** The step, or the same when there is none to make. */
    CurrentTasks next(CurrentTasks current) {
        return switch (current.state()) {
            case STABLE -> current.epoch() == targetEpoch ? current : step(current);
            case UNREVOKED_TASKS -> stillHas(current.revoking()) ? current : step(current);
            case UNRELEASED_TASKS, UNKNOWN -> step(current);
        };
    }

    private CurrentTasks step(CurrentTasks current) {
        Tasks kept = kept(current.tasks());
        Tasks revoking = without(current.tasks(), kept);
        if (!revoking.isEmpty() && stillHas(revoking)) {
            return new CurrentTasks(
                    current.epoch(), current.epoch(), MemberState.UNREVOKED_TASKS, kept, revoking, current.since());
        }
        Set<TaskId> active = granted(kept.active(), target.active(), holders::isFreeToProcess);
        Set<TaskId> standby = granted(kept.standby(), target.standby(), holders::isFreeToCopy);
        Set<TaskId> warmup = granted(kept.warmup(), target.warmup(), holders::isFreeToCopy);
        Tasks tasks = Tasks.of(active, standby, warmup);
        NavigableMap<TaskId, Integer> since = new TreeMap<>();
        for (TaskId task : active) {
            Integer former = kept.active().contains(task) ? current.since(task) : null;
            since.put(task, former == null ? targetEpoch : former);
        }
        MemberState state = tasks.containsAll(target) ? MemberState.STABLE : MemberState.UNRELEASED_TASKS;
        CurrentTasks next = new CurrentTasks(targetEpoch, current.epoch(), state, tasks, Tasks.EMPTY, since);
        return isSame(current, next) ? current : next;
    }

    private Tasks kept(Tasks tasks) {
        return Tasks.of(
                common(tasks.active(), target.active()),
                common(tasks.standby(), target.standby()),
                common(tasks.warmup(), target.warmup()));
    }

    private static Set<TaskId> common(Set<TaskId> one, Set<TaskId> other) {
        Set<TaskId> both = new TreeSet<>(one);
        both.retainAll(other);
        return both;
    }

    private static Tasks without(Tasks tasks, Tasks kept) {
        return Tasks.of(
                without(tasks.active(), kept.active()),
                without(tasks.standby(), kept.standby()),
                without(tasks.warmup(), kept.warmup()));
    }

    private static Set<TaskId> without(Set<TaskId> tasks, Set<TaskId> others) {
        Set<TaskId> rest = new TreeSet<>(tasks);
        rest.removeAll(others);
        return rest;
    }

    private static Set<TaskId> granted(Set<TaskId> kept, Set<TaskId> wanted, Predicate<TaskId> isFree) {
        Set<TaskId> granted = new TreeSet<>(kept);
        for (TaskId task : wanted) {
            if (!granted.contains(task) && isFree.test(task)) {
                granted.add(task);
            }
        }
        return granted;
    }

    /** A member that goes on waiting is not written down again. */
    private static boolean isSame(CurrentTasks current, CurrentTasks next) {
        return current.epoch() == next.epoch()
                && current.state() == next.state()
                && current.tasks().equals(next.tasks())
                && current.revoking().equals(next.revoking());
    }

    private boolean stillHas(Tasks tasks) {
        return owned == null || owned.meets(tasks);
    }
}
