package io.sluice.cluster.controller;

import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.cluster.api.config.TopicKeys;
import io.sluice.protocol.metadata.ConfigRecord;
import java.util.List;
import java.util.Map;

/** Notes in a topic's configuration the engine to which its records have been moved. */
final class EngineAssignment {
    private EngineAssignment() {}

    static Decision<Boolean> decide(Uuid topicId, String engine, Situation situation) {
        TopicImage topic = situation.image().topic(topicId);
        if (topic == null) {
            return new Decision<>(List.of(), false);
        }
        String problem = TopicKeys.CATALOGUE.problem(Map.of(TopicKeys.STORAGE_ENGINE, engine));
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return new Decision<>(
                List.of(new ConfigRecord()
                        .setResourceType(ConfigResource.Type.TOPIC.code())
                        .setResourceName(topic.name())
                        .setName(TopicKeys.STORAGE_ENGINE)
                        .setValue(engine)),
                true);
    }
}
