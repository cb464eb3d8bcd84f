package io.sluice.cluster.controller;

import io.sluice.cluster.api.Feature;
import io.sluice.protocol.Message;
import io.sluice.protocol.metadata.FeatureLevelRecord;
import java.util.ArrayList;
import java.util.List;

/** The first records of a cluster: every feature at its highest level, those of Kafka 4.4. */
final class Bootstrap {
    private Bootstrap() {}

    static List<Message> records() {
        List<Message> records = new ArrayList<>();
        for (Feature feature : Feature.values()) {
            records.add(new FeatureLevelRecord().setName(feature.featureName()).setFeatureLevel(feature.highest()));
        }
        return records;
    }
}
