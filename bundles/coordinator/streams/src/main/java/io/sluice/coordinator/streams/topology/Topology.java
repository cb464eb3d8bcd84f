package io.sluice.coordinator.streams.topology;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an application processes. Immutable; equal when all of it is.
 *
 * @param subtopologies in the order of their ids
 */
public record Topology(int epoch, List<Subtopology> subtopologies) {
    public Topology {
        subtopologies = subtopologies.stream()
                .sorted(java.util.Comparator.comparing(Subtopology::id))
                .toList();
    }

    public @Nullable Subtopology subtopology(String id) {
        for (Subtopology subtopology : subtopologies) {
            if (subtopology.id().equals(id)) {
                return subtopology;
            }
        }
        return null;
    }

    /** The subtopology that reads a topic; null when none does. */
    public @Nullable Subtopology reader(String topic) {
        for (Subtopology subtopology : subtopologies) {
            if (subtopology.sourceTopics().contains(topic)) {
                return subtopology;
            }
            for (InternalTopic repartition : subtopology.repartitionSourceTopics()) {
                if (repartition.name().equals(topic)) {
                    return subtopology;
                }
            }
        }
        return null;
    }

    /** Every topic that must be there before it can be processed. */
    public Set<String> requiredTopics() {
        Set<String> names = new TreeSet<>();
        for (Subtopology subtopology : subtopologies) {
            names.addAll(subtopology.inputs());
            subtopology.changelogTopics().forEach(topic -> names.add(topic.name()));
        }
        return names;
    }
}
