package io.sluice.coordinator.streams.task;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a member has or is to have. Immutable.
 *
 * @param active tasks, which process records
 * @param standby tasks, which keep a copy of the state of active ones
 * @param warmup tasks, which make a copy of the state of active ones that are to move
 */
public record Tasks(NavigableSet<TaskId> active, NavigableSet<TaskId> standby, NavigableSet<TaskId> warmup) {
    public static final Tasks EMPTY = of(Set.of(), Set.of(), Set.of());

    public static Tasks of(Set<TaskId> active, Set<TaskId> standby, Set<TaskId> warmup) {
        return new Tasks(copy(active), copy(standby), copy(warmup));
    }

    private static NavigableSet<TaskId> copy(Set<TaskId> tasks) {
        return Collections.unmodifiableNavigableSet(new TreeSet<>(tasks));
    }

    public boolean isEmpty() {
        return active.isEmpty() && standby.isEmpty() && warmup.isEmpty();
    }

    /** Whether a task is in both, in the same role. */
    public boolean meets(Tasks other) {
        return !Collections.disjoint(active, other.active)
                || !Collections.disjoint(standby, other.standby)
                || !Collections.disjoint(warmup, other.warmup);
    }

    /** Whether all tasks of another are here too, in the same roles. */
    public boolean containsAll(Tasks other) {
        return active.containsAll(other.active)
                && standby.containsAll(other.standby)
                && warmup.containsAll(other.warmup);
    }
}
