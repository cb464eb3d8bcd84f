package io.sluice.coordinator.streams.topology;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sees to it that topics that are joined have equally many partitions: those that the application does not fix take the number of the others, or the
 * largest of their own when there are no others.
 */
final class Copartitioning {
    private final Topology topology;
    private final PartitionCounts counts;
    private final Set<String> fixed = new TreeSet<>();
    private final Set<String> flexible = new TreeSet<>();

    Copartitioning(Topology topology, PartitionCounts counts) {
        this.topology = topology;
        this.counts = counts;
        for (Subtopology subtopology : topology.subtopologies()) {
            for (InternalTopic topic : subtopology.repartitionSourceTopics()) {
                (topic.partitions() > 0 ? fixed : flexible).add(topic.name());
            }
        }
    }

    void enforce() throws TopicProblemException {
        for (Subtopology subtopology : topology.subtopologies()) {
            for (CopartitionGroup group : subtopology.copartitionGroups()) {
                enforce(subtopology.names(group));
            }
        }
    }

    private void enforce(Set<String> group) throws TopicProblemException {
        Map<String, Integer> external = new TreeMap<>();
        Map<String, Integer> named = new TreeMap<>();
        Map<String, Integer> open = new TreeMap<>();
        for (String topic : group) {
            Map<String, Integer> kind = fixed.contains(topic) ? named : flexible.contains(topic) ? open : external;
            Integer decided = kind == external ? counts.of(topic) : counts.decided(topic);
            if (decided == null) {
                throw new TopicProblemException(
                        GroupStatus.INCORRECTLY_PARTITIONED_TOPICS,
                        "The number of partitions of topic " + topic + " is not known.");
            }
            kind.put(topic, decided);
        }
        if (group.isEmpty()) {
            return;
        }
        int number = !external.isEmpty()
                ? same(external)
                : !named.isEmpty()
                        ? same(named)
                        : open.values().stream().max(Integer::compare).orElse(0);
        for (Map.Entry<String, Integer> topic : named.entrySet()) {
            if (topic.getValue() != number) {
                throw new TopicProblemException(
                        GroupStatus.INCORRECTLY_PARTITIONED_TOPICS,
                        String.format(
                                "Number of partitions [%d] of repartition topic [%s] doesn't match number of partitions"
                                        + " [%d] of the source topic.",
                                topic.getValue(), topic.getKey(), number));
            }
        }
        open.keySet().forEach(topic -> counts.decide(topic, number));
    }

    private static int same(Map<String, Integer> topics) throws TopicProblemException {
        Set<Integer> numbers = new TreeSet<>(topics.values());
        if (numbers.size() > 1) {
            throw new TopicProblemException(
                    GroupStatus.INCORRECTLY_PARTITIONED_TOPICS,
                    "Following topics do not have the same number of partitions: [" + topics + "]");
        }
        return numbers.iterator().next();
    }
}
