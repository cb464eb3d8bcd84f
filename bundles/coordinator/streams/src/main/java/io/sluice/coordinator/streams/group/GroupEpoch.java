package io.sluice.coordinator.streams.group;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The record of a group itself. Immutable.
 *
 * @param epoch rises whenever members, their metadata, the topics or the configuration change
 * @param metadataHash of the topics as they were then
 * @param validatedTopologyEpoch of the topology whose topics were all there then; -1 when they were not
 * @param configs by which the assignment was made
 * @param storedDescriptionEpoch kept for brokers that have a description of the topology; -1 here
 * @param failedDescriptionEpoch kept for such brokers too
 */
record GroupEpoch(
        int epoch,
        long metadataHash,
        int validatedTopologyEpoch,
        SortedMap<String, String> configs,
        int storedDescriptionEpoch,
        int failedDescriptionEpoch) {
    /** Of a group that was not written yet. */
    static final GroupEpoch FIRST = new GroupEpoch(1, 0L, -1, new TreeMap<>(), -1, -1);

    GroupEpoch {
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
    }

    GroupEpoch next() {
        return next(metadataHash, validatedTopologyEpoch, configs);
    }

    GroupEpoch next(long hash, int validated, SortedMap<String, String> newConfigs) {
        return new GroupEpoch(epoch + 1, hash, validated, newConfigs, storedDescriptionEpoch, failedDescriptionEpoch);
    }
}
