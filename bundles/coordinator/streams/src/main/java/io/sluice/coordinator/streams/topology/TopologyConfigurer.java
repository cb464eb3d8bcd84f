package io.sluice.coordinator.streams.topology;

import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds out what a topology needs of the topics as they are: how many tasks there are, and which internal topics are to be made. Stateless. */
public final class TopologyConfigurer {
    private static final int NAMED_MAX = 5;
    private static final long PRIME = 1_099_511_628_211L;
    private static final long BASIS = -3_750_763_034_362_895_579L;

    private TopologyConfigurer() {}

    /** Differs when a topic of the topology came, went, or has another number of partitions; 0 when none is there. */
    public static long hash(Topology topology, MetadataImage image) {
        long hash = BASIS;
        boolean none = true;
        for (String name : topology.requiredTopics()) {
            TopicImage topic = image.topic(name);
            if (topic != null) {
                none = false;
                hash = mix(hash, topic.id().mostSignificantBits());
                hash = mix(hash, topic.id().leastSignificantBits());
                hash = mix(hash, topic.partitions().size());
            }
        }
        return none ? 0L : hash;
    }

    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * PRIME;
        return mixed ^ (mixed >>> 29);
    }

    public static ConfiguredTopology configure(Topology topology, MetadataImage image) {
        long hash = hash(topology, image);
        try {
            requireSources(topology, image);
            PartitionCounts counts = new PartitionCounts(image);
            new RepartitionCounts(topology, counts).decide();
            new Copartitioning(topology, counts).enforce();
            SortedMap<String, Integer> tasks = new TreeMap<>();
            List<Subtopology> numbered = new ArrayList<>();
            for (Subtopology subtopology : topology.subtopologies()) {
                int count = taskCount(subtopology, counts);
                tasks.put(subtopology.id(), count);
                numbered.add(numbered(subtopology, counts, count));
            }
            Topology complete = new Topology(topology.epoch(), numbered);
            SortedMap<String, InternalTopic> missing = missing(complete, image);
            TopicProblem problem = missing.isEmpty()
                    ? null
                    : new TopicProblem(
                            GroupStatus.MISSING_INTERNAL_TOPICS,
                            "Internal topics are missing: " + summary(missing.keySet()));
            return new ConfiguredTopology(hash, complete, tasks, missing, problem);
        } catch (TopicProblemException e) {
            return ConfiguredTopology.unfit(hash, topology, e.problem());
        }
    }

    private static void requireSources(Topology topology, MetadataImage image) throws TopicProblemException {
        Set<String> missing = new TreeSet<>();
        for (Subtopology subtopology : topology.subtopologies()) {
            for (String topic : subtopology.sourceTopics()) {
                if (image.topic(topic) == null) {
                    missing.add(topic);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new TopicProblemException(
                    GroupStatus.MISSING_SOURCE_TOPICS, "Source topics " + summary(missing) + " are missing.");
        }
    }

    private static int taskCount(Subtopology subtopology, PartitionCounts counts) throws TopicProblemException {
        int largest = 0;
        for (String input : subtopology.inputs()) {
            Integer count = counts.of(input);
            largest = Math.max(largest, count == null ? 0 : count);
        }
        if (largest == 0) {
            throw new TopicProblemException(
                    GroupStatus.MISSING_SOURCE_TOPICS, "Subtopology " + subtopology.id() + " has no source topics.");
        }
        return largest;
    }

    private static Subtopology numbered(Subtopology subtopology, PartitionCounts counts, int tasks) {
        List<InternalTopic> repartitions = new ArrayList<>();
        for (InternalTopic topic : subtopology.repartitionSourceTopics()) {
            Integer decided = counts.decided(topic.name());
            repartitions.add(topic.withPartitions(decided == null ? tasks : decided));
        }
        List<InternalTopic> changelogs = new ArrayList<>();
        for (InternalTopic topic : subtopology.changelogTopics()) {
            // A source topic may be its own changelog; its number of partitions is its own then.
            boolean isSource = subtopology.sourceTopics().contains(topic.name());
            Integer own = isSource ? counts.of(topic.name()) : null;
            changelogs.add(topic.withPartitions(own == null ? tasks : own));
        }
        return new Subtopology(
                subtopology.id(),
                subtopology.sourceTopics(),
                repartitions,
                subtopology.repartitionSinkTopics(),
                changelogs,
                subtopology.copartitionGroups());
    }

    private static SortedMap<String, InternalTopic> missing(Topology topology, MetadataImage image)
            throws TopicProblemException {
        SortedMap<String, InternalTopic> missing = new TreeMap<>();
        for (Subtopology subtopology : topology.subtopologies()) {
            subtopology.repartitionSourceTopics().forEach(topic -> missing.put(topic.name(), topic));
            subtopology.changelogTopics().forEach(topic -> missing.put(topic.name(), topic));
        }
        for (InternalTopic expected : List.copyOf(missing.values())) {
            TopicImage present = image.topic(expected.name());
            if (present == null) {
                continue;
            }
            if (present.partitions().size() != expected.partitions()) {
                throw new TopicProblemException(
                        GroupStatus.INCORRECTLY_PARTITIONED_TOPICS,
                        "Existing topic " + expected.name() + " has different number of partitions: expected "
                                + expected.partitions() + ", found "
                                + present.partitions().size());
            }
            missing.remove(expected.name());
        }
        return missing;
    }

    /** Some of the names, so that the answer stays small. */
    static String summary(Set<String> names) {
        if (names.size() <= NAMED_MAX) {
            return String.join(", ", names);
        }
        List<String> first = names.stream().limit(NAMED_MAX).toList();
        return String.join(", ", first) + ", and " + (names.size() - NAMED_MAX) + " additional topics";
    }
}
