package io.sluice.coordinator.streams.topology;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A part of a topology that is connected with others by topics only. Immutable. */
public record Subtopology(
        String id,
        List<String> sourceTopics,
        List<InternalTopic> repartitionSourceTopics,
        List<String> repartitionSinkTopics,
        List<InternalTopic> changelogTopics,
        List<CopartitionGroup> copartitionGroups) {
    public Subtopology {
        sourceTopics = List.copyOf(sourceTopics);
        repartitionSourceTopics = List.copyOf(repartitionSourceTopics);
        repartitionSinkTopics = List.copyOf(repartitionSinkTopics);
        changelogTopics = List.copyOf(changelogTopics);
        copartitionGroups = List.copyOf(copartitionGroups);
    }

    /** Everything that it reads, the application's own repartition topics too. */
    public Set<String> inputs() {
        Set<String> names = new TreeSet<>(sourceTopics);
        repartitionSourceTopics.forEach(topic -> names.add(topic.name()));
        return names;
    }

    /** The names of the topics in a copartition group. */
    Set<String> names(CopartitionGroup group) {
        Set<String> names = new TreeSet<>();
        group.sourceTopics().forEach(index -> names.add(sourceTopics.get(index)));
        group.repartitionSourceTopics()
                .forEach(index -> names.add(repartitionSourceTopics.get(index).name()));
        return names;
    }

    /** Whether it keeps state, so that standby tasks are of use. */
    public boolean isStateful() {
        return !changelogTopics.isEmpty();
    }
}
