package io.sluice.coordinator.share.group;

import io.sluice.base.Uuid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** Partitions by the ids of their topics. Immutable. */
final class PartitionSet {
    static final PartitionSet EMPTY = new PartitionSet(new TreeMap<>());

    private final Map<Uuid, Set<Integer>> byTopic;

    private PartitionSet(Map<Uuid, Set<Integer>> byTopic) {
        this.byTopic = byTopic;
    }

    static PartitionSet of(Map<Uuid, ? extends Set<Integer>> byTopic) {
        Map<Uuid, Set<Integer>> copy = new TreeMap<>();
        byTopic.forEach((topic, partitions) -> {
            if (!partitions.isEmpty()) {
                copy.put(topic, Collections.unmodifiableSet(new TreeSet<>(partitions)));
            }
        });
        return new PartitionSet(copy);
    }

    Map<Uuid, Set<Integer>> byTopic() {
        return Collections.unmodifiableMap(byTopic);
    }

    Set<Integer> of(Uuid topic) {
        return byTopic.getOrDefault(topic, Set.of());
    }

    boolean contains(Uuid topic, int partition) {
        return of(topic).contains(partition);
    }

    boolean isEmpty() {
        return byTopic.isEmpty();
    }

    /** As a list of a message's own type. */
    <T> List<T> toList(BiFunction<Uuid, List<Integer>, T> topic) {
        List<T> list = new ArrayList<>(byTopic.size());
        byTopic.forEach((id, partitions) -> list.add(topic.apply(id, List.copyOf(partitions))));
        return list;
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object object) {
        return object instanceof PartitionSet other && byTopic.equals(other.byTopic);
    }

    @Override
    public int hashCode() {
        return byTopic.hashCode();
    }

    @Override
    public String toString() {
        return byTopic.toString();
    }
}
