package io.sluice.coordinator.streams.topology;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A topology with the numbers that follow from the topics as they were at one moment. Immutable.
 *
 * @param metadataHash of those topics
 * @param topology whose internal topics have their numbers of partitions, where these could be told
 * @param taskCounts of each subtopology; empty where they could not be told
 * @param missing internal topics that are to be made, by name
 * @param problem why it cannot be processed; null when it can
 */
public record ConfiguredTopology(
        long metadataHash,
        Topology topology,
        SortedMap<String, Integer> taskCounts,
        SortedMap<String, InternalTopic> missing,
        @Nullable TopicProblem problem) {
    public ConfiguredTopology {
        taskCounts = Collections.unmodifiableSortedMap(new TreeMap<>(taskCounts));
        missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
    }

    static ConfiguredTopology unfit(long hash, Topology topology, TopicProblem problem) {
        return new ConfiguredTopology(hash, topology, new TreeMap<>(), new TreeMap<>(), problem);
    }

    /** Whether every topic is there as it should be, so that tasks can be given out. */
    public boolean isReady() {
        return problem == null;
    }

    public int taskCount(String subtopologyId) {
        return taskCounts.getOrDefault(subtopologyId, 0);
    }

    public List<Subtopology> subtopologies() {
        return topology.subtopologies();
    }

    /** What is missing, for whoever makes topics. */
    public Map<String, InternalTopic> missingTopics() {
        return missing;
    }
}
