package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.streams.task.TaskId;
import io.sluice.coordinator.streams.task.Tasks;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a member was told to do. Immutable.
 *
 * @param epoch that it must come with
 * @param previousEpoch that it has if the answer with the present one was lost
 * @param tasks that it has
 * @param revoking tasks that it is to give up
 * @param since the epoch at which it got each active task, those that it is to give up too
 */
record CurrentTasks(
        int epoch,
        int previousEpoch,
        MemberState state,
        Tasks tasks,
        Tasks revoking,
        NavigableMap<TaskId, Integer> since) {
    /** Of a member that has just come. */
    static final CurrentTasks NONE =
            new CurrentTasks(0, 0, MemberState.STABLE, Tasks.EMPTY, Tasks.EMPTY, new TreeMap<>());

    CurrentTasks {
        since = Collections.unmodifiableNavigableMap(new TreeMap<>(since));
    }

    @Nullable
    Integer since(TaskId task) {
        return since.get(task);
    }

    /** The same tasks for whoever takes the place of a static member. */
    CurrentTasks inherited() {
        return new CurrentTasks(0, 0, state, tasks, revoking, since);
    }

    /** A static member is away and will come back: it keeps its tasks, and has given up what it had to. */
    CurrentTasks away() {
        NavigableMap<TaskId, Integer> reset = new TreeMap<>();
        tasks.active().forEach(task -> reset.put(task, 0));
        return new CurrentTasks(StreamsGroup.EPOCH_OF_ABSENT_STATIC_MEMBER, epoch, state, tasks, Tasks.EMPTY, reset);
    }

    boolean isReconciledTo(int targetEpoch) {
        return state == MemberState.STABLE && epoch == targetEpoch;
    }

    /** Every task that nobody else may have yet. */
    Set<TaskId> heldActive() {
        return since.keySet();
    }
}
