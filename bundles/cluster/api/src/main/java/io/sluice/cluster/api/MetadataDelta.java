package io.sluice.cluster.api;

import io.sluice.base.Uuid;
import java.util.Map;
import java.util.Set;

/**
 * What differs between two images.
 *
 * @param changedTopics names of topics that are new or whose partitions changed
 * @param deletedTopics ids and names of topics that are gone
 * @param changedConfigs resources whose configuration changed
 * @param brokersChanged whether a broker registered, left or changed
 */
public record MetadataDelta(
        Set<String> changedTopics,
        Map<Uuid, String> deletedTopics,
        Set<ConfigResource> changedConfigs,
        boolean brokersChanged) {
    public MetadataDelta {
        changedTopics = Set.copyOf(changedTopics);
        deletedTopics = Map.copyOf(deletedTopics);
        changedConfigs = Set.copyOf(changedConfigs);
    }
}
