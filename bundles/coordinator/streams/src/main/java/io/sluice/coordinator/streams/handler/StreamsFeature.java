package io.sluice.coordinator.streams.handler;

import io.sluice.cluster.api.MetadataSource;

/** Whether the cluster has streams groups: the feature {@code streams.version}, which an administrator may switch off. Stateless. */
final class StreamsFeature {
    private static final String NAME = "streams.version";

    private StreamsFeature() {}

    static boolean isOn(MetadataSource metadata) {
        Short level = metadata.image().features().get(NAME);
        return level != null && level > 0;
    }
}
