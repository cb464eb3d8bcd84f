package io.sluice.coordinator.streams.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
    private final Set<String> repartitions = new HashSet<>();
    /** By the repartition topic that they write to. */
    private final Map<String, List<Writer>> writers = new HashMap<>();

    /** A subtopology that writes to repartition topics. */
    private static final class Writer {
        final Set<String> inputs;
        int lookedIn;

        @Nullable
        Integer largest;

        Writer(Set<String> inputs) {
            this.inputs = inputs;
        }
    }

    /** Counts how often all topics that are open were looked at. */
    private int round;

    RepartitionCounts(Topology topology, PartitionCounts counts) {
        this.topology = topology;
        this.counts = counts;
        for (Subtopology subtopology : topology.subtopologies()) {
            subtopology.repartitionSourceTopics().forEach(topic -> repartitions.add(topic.name()));
            Writer writer = new Writer(subtopology.inputs());
            for (String sink : new HashSet<>(subtopology.repartitionSinkTopics())) {
                writers.computeIfAbsent(sink, topic -> new ArrayList<>(1)).add(writer);
            }
        }
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
            round++;
            if (!open.removeIf(topic -> decideOne(topic, false)) && !open.removeIf(topic -> decideOne(topic, true))) {
                throw new TopicProblemException(
                        GroupStatus.MISSING_SOURCE_TOPICS,
                        "The numbers of partitions of the repartition topics " + TopologyConfigurer.summary(open)
                                + " cannot be told: they depend on each other.");
            }
        }
    }

    private void requireWriters(Set<String> topics) throws TopicProblemException {
        Set<String> orphans = new TreeSet<>(topics);
        orphans.removeAll(writers.keySet());
        if (!orphans.isEmpty()) {
            throw new TopicProblemException(
                    GroupStatus.MISSING_SOURCE_TOPICS,
                    "The numbers of partitions of the repartition topics " + TopologyConfigurer.summary(orphans)
                            + " cannot be told: no subtopology writes to them.");
        }
    }

    /** @param partial whether the inputs that are known suffice: where topics depend on each other, nothing better comes */
    private boolean decideOne(String topic, boolean partial) {
        Integer largest = null;
        for (Writer writer : writers.getOrDefault(topic, List.of())) {
            Integer inputs = partial ? largestInput(writer, true) : wholeInput(writer);
            if (inputs == null) {
                if (partial) {
                    continue;
                }
                return false;
            }
            largest = largest == null ? inputs : Integer.valueOf(Math.max(largest, inputs));
        }
        if (largest == null) {
            return false;
        }
        counts.decide(topic, largest);
        return true;
    }

    /** Looked for once in each round: what is decided meanwhile counts in the next. */
    private @Nullable Integer wholeInput(Writer writer) {
        if (writer.lookedIn != round) {
            writer.lookedIn = round;
            writer.largest = largestInput(writer, false);
        }
        return writer.largest;
    }

    /** Null as long as one of the inputs is open, or all of them. */
    private @Nullable Integer largestInput(Writer writer, boolean partial) {
        int largest = 0;
        for (String input : writer.inputs) {
            Integer decided = counts.decided(input);
            Integer count = decided != null ? decided : repartitions.contains(input) ? null : counts.of(input);
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
}
