package io.sluice.cluster.controller;

import io.sluice.protocol.Message;
import io.sluice.protocol.metadata.FeatureLevelRecord;
import java.util.List;

/** The first records of a cluster: the features at the levels of Kafka 4.4. */
final class Bootstrap {
    /** {@code metadata.version} of Kafka 4.4, 4.4-IV2. */
    static final short METADATA_VERSION = 33;

    private Bootstrap() {}

    static List<Message> records() {
        return List.of(
                level("metadata.version", METADATA_VERSION),
                level("eligible.leader.replicas.version", 1),
                level("group.version", 1),
                level("kraft.version", 1),
                level("share.version", 2),
                level("streams.version", 1),
                level("transaction.version", 2));
    }

    private static Message level(String feature, int level) {
        return new FeatureLevelRecord().setName(feature).setFeatureLevel((short) level);
    }
}
