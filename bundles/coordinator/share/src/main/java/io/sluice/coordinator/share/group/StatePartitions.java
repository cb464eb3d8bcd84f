package io.sluice.coordinator.share.group;

import io.sluice.base.Uuid;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Of which partitions the share coordinator keeps a state for a group: nobody may read another one. Immutable.
 *
 * @param initializing those whose state has been asked for
 * @param initialized those that have it
 * @param deleting topics whose states are to be forgotten
 * @param names of all of these topics
 */
record StatePartitions(
        PartitionSet initializing, PartitionSet initialized, Set<Uuid> deleting, Map<Uuid, String> names) {
    static final StatePartitions NONE = new StatePartitions(PartitionSet.EMPTY, PartitionSet.EMPTY, Set.of(), Map.of());

    StatePartitions {
        deleting = Set.copyOf(deleting);
        names = Map.copyOf(names);
    }

    boolean isEmpty() {
        return initializing.isEmpty() && initialized.isEmpty() && deleting.isEmpty();
    }

    /** These are asked for now. */
    StatePartitions asking(PartitionSet partitions, Map<Uuid, String> theirNames) {
        return new StatePartitions(union(initializing, partitions), initialized, deleting, merged(names, theirNames));
    }

    /** These are there now. */
    StatePartitions having(PartitionSet partitions) {
        return new StatePartitions(without(initializing, partitions), union(initialized, partitions), deleting, names);
    }

    /** The states of these topics are to be forgotten. */
    StatePartitions forgetting(Set<Uuid> topics) {
        Set<Uuid> all = new TreeSet<>(deleting);
        all.addAll(topics);
        return new StatePartitions(withoutTopics(initializing, topics), withoutTopics(initialized, topics), all, names);
    }

    /** Nothing is known of these topics any more. */
    StatePartitions without(Set<Uuid> topics) {
        Set<Uuid> left = new TreeSet<>(deleting);
        left.removeAll(topics);
        Map<Uuid, String> leftNames = new LinkedHashMap<>(names);
        leftNames.keySet().removeAll(topics);
        return new StatePartitions(
                withoutTopics(initializing, topics), withoutTopics(initialized, topics), left, leftNames);
    }

    private static Map<Uuid, String> merged(Map<Uuid, String> one, Map<Uuid, String> other) {
        Map<Uuid, String> all = new LinkedHashMap<>(one);
        all.putAll(other);
        return all;
    }

    static PartitionSet union(PartitionSet one, PartitionSet other) {
        Map<Uuid, Set<Integer>> all = mutable(one);
        other.byTopic().forEach((topic, partitions) -> all.computeIfAbsent(topic, id -> new TreeSet<>())
                .addAll(partitions));
        return PartitionSet.of(all);
    }

    static PartitionSet without(PartitionSet one, PartitionSet other) {
        Map<Uuid, Set<Integer>> all = mutable(one);
        all.forEach((topic, partitions) -> partitions.removeAll(other.of(topic)));
        return PartitionSet.of(all);
    }

    private static PartitionSet withoutTopics(PartitionSet one, Set<Uuid> topics) {
        Map<Uuid, Set<Integer>> all = mutable(one);
        all.keySet().removeAll(topics);
        return PartitionSet.of(all);
    }

    private static Map<Uuid, Set<Integer>> mutable(PartitionSet set) {
        Map<Uuid, Set<Integer>> copy = new TreeMap<>();
        set.byTopic().forEach((topic, partitions) -> copy.put(topic, new TreeSet<>(partitions)));
        return copy;
    }
}
