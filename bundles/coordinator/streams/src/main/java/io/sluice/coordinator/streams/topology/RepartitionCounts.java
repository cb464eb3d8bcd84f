package io.sluice.coordinator.streams.topology;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides how many partitions repartition topics have: the number that the application names, else as many as the largest input of whatever writes
 * to them, which may be a repartition topic itself.
 */
final class RepartitionCounts {
    private final Topology topology;
    private final PartitionCounts counts;

    RepartitionCounts(Topology topology, PartitionCounts counts) {
        this.topology = topology;
        this.counts = counts;
    }

    void decide() throws TopicProblemException {
        Set<String> open = new LinkedHashSet<>();
        for (Subtopology subtopology : topology.subtopologies()) {
            for (InternalTopic topic : subtopology.repartitionSourceTopics()) {
                if (topic.partitions() > 0) {
                    counts.decide(topic.name(), topic.partitions());
                } else {
                    open.add(topic.name());
                }
            }
        }
        requireWriters(open);
        while (!open.isEmpty()) {
            if (!open.removeIf(topic -> decideOne(topic, false)) && !open.removeIf(topic -> decideOne(topic, true))) {
                throw new TopicProblemException(
                        GroupStatus.MISSING_SOURCE_TOPICS,
                        "The numbers of partitions of the repartition topics " + open
                                + " cannot be told: they depend on each other.");
            }
        }
    }

    private void requireWriters(Set<String> topics) throws TopicProblemException {
        Set<String> orphans = new TreeSet<>(topics);
        topology.subtopologies()
                .forEach(subtopology -> subtopology.repartitionSinkTopics().forEach(orphans::remove));
        if (!orphans.isEmpty()) {
            throw new TopicProblemException(
                    GroupStatus.MISSING_SOURCE_TOPICS,
                    "The numbers of partitions of the repartition topics " + orphans
                            + " cannot be told: no subtopology writes to them.");
        }
    }

    /** @param partial whether the inputs that are known suffice: where topics depend on each other, nothing better comes */
    private boolean decideOne(String topic, boolean partial) {
        Integer largest = null;
        for (Subtopology subtopology : topology.subtopologies()) {
            if (subtopology.repartitionSinkTopics().contains(topic)) {
                Integer inputs = largestInput(subtopology, partial);
                if (inputs == null) {
                    if (partial) {
                        continue;
                    }
                    return false;
                }
                largest = largest == null ? inputs : Integer.valueOf(Math.max(largest, inputs));
            }
        }
        if (largest == null) {
            return false;
        }
        counts.decide(topic, largest);
        return true;
    }

    /** Null as long as one of the inputs is open, or all of them. */
    private @Nullable Integer largestInput(Subtopology subtopology, boolean partial) {
        int largest = 0;
        for (String input : subtopology.inputs()) {
            Integer decided = counts.decided(input);
            Integer count = decided != null ? decided : isRepartition(input) ? null : counts.of(input);
            if (count == null) {
                if (partial) {
                    continue;
                }
                return null;
            }
            largest = Math.max(largest, count);
        }
        return largest == 0 ? null : Integer.valueOf(largest);
    }

    private boolean isRepartition(String topic) {
        for (Subtopology subtopology : topology.subtopologies()) {
            for (InternalTopic repartition : subtopology.repartitionSourceTopics()) {
                if (repartition.name().equals(topic)) {
                    return true;
                }
            }
        }
        return false;
    }
}
