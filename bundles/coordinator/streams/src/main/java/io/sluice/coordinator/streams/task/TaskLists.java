package io.sluice.coordinator.streams.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Between sets of tasks and the lists of messages, which have the partitions of each subtopology together. Stateless. */
public final class TaskLists {
    private TaskLists() {}

    /** Makes a list in the order of the subtopologies. */
    public static <T> List<T> toList(Collection<TaskId> tasks, BiFunction<String, List<Integer>, T> entry) {
        Map<String, List<Integer>> bySubtopology = new TreeMap<>();
        for (TaskId task : tasks) {
            bySubtopology
                    .computeIfAbsent(task.subtopologyId(), id -> new ArrayList<>())
                    .add(task.partition());
        }
        List<T> list = new ArrayList<>(bySubtopology.size());
        bySubtopology.forEach((id, partitions) -> list.add(entry.apply(id, partitions)));
        return list;
    }

    /** Reads a list; null is one without entries. */
    public static <T> NavigableSet<TaskId> toSet(
            @Nullable List<T> list, Function<T, String> subtopologyId, Function<T, List<Integer>> partitions) {
        NavigableSet<TaskId> tasks = new TreeSet<>();
        if (list != null) {
            for (T entry : list) {
                for (int partition : partitions.apply(entry)) {
                    tasks.add(new TaskId(subtopologyId.apply(entry), partition));
                }
            }
        }
        return tasks;
    }
}
