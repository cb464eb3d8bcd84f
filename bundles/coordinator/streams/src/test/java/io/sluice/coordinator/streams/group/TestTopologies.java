package io.sluice.coordinator.streams.group;

import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.KeyValue;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.Subtopology;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.TopicInfo;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest.Topology;
import java.util.List;

/** Topologies as clients send them. */
final class TestTopologies {
    static final String REPARTITION = "app-counts-repartition";
    static final String CHANGELOG = "app-counts-changelog";

    private TestTopologies() {}

    /** One subtopology that keeps no state. */
    static Topology plain(String topic) {
        return new Topology()
                .setEpoch(0)
                .setSubtopologies(
                        List.of(new Subtopology().setSubtopologyId("0").setSourceTopics(List.of(topic))));
    }

    /** One subtopology that keeps state in a changelog. */
    static Topology stateful(String topic, String changelog) {
        Topology topology = plain(topic);
        topology.subtopologies().get(0).setStateChangelogTopics(List.of(info(changelog, "compact")));
        return topology;
    }

    /** Words are cut up, and counted by another subtopology. */
    static Topology wordCount(String topic) {
        return new Topology()
                .setEpoch(0)
                .setSubtopologies(List.of(
                        new Subtopology()
                                .setSubtopologyId("0")
                                .setSourceTopics(List.of(topic))
                                .setRepartitionSinkTopics(List.of(REPARTITION)),
                        new Subtopology()
                                .setSubtopologyId("1")
                                .setRepartitionSourceTopics(List.of(info(REPARTITION, "delete")))
                                .setStateChangelogTopics(List.of(info(CHANGELOG, "compact")))));
    }

    private static TopicInfo info(String name, String policy) {
        return new TopicInfo()
                .setName(name)
                .setTopicConfigs(List.of(new KeyValue().setKey("cleanup.policy").setValue(policy)));
    }
}
