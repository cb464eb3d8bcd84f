package io.sluice.handlers.metadata;

import io.sluice.broker.api.Broker;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.sluice.protocol.message.CreateTopicsResponse;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Creates topics that nobody created by a request: those that clients only named, and those that coordinators keep their
 * state in.
 *
 * <p>Two requests may ask for one topic at once: the second is told that it exists, which is as good.
 */
final class TopicCreation {
    /** Stands for "as the broker's configuration says" in a request to create a topic. */
    private static final int DEFAULT = -1;

    private static final int TIMEOUT_MS = 30_000;

    private final Controller controller;
    private final MetadataSource metadata;
    private final Broker broker;

    TopicCreation(Controller controller, MetadataSource metadata, Broker broker) {
        this.controller = controller;
        this.metadata = metadata;
        this.broker = broker;
    }

    /** Completes on the controller's thread when the metadata shows the topics, or it is known why it does not. */
    CompletableFuture<CreateTopicsResponse> create(Collection<String> names) {
        CreateTopicsRequest request = new CreateTopicsRequest().setTimeoutMs(TIMEOUT_MS);
        for (String name : names) {
            request.topics().add(topic(name));
        }
        return controller.createTopics(request);
    }

    private CreatableTopic topic(String name) {
        return switch (name) {
            case TopicNames.CONSUMER_OFFSETS ->
                internal(name, "offsets.topic.num.partitions", "offsets.topic.replication.factor", 50)
                        .setConfigs(List.of(
                                config("cleanup.policy", "compact"),
                                config("compression.type", "producer"),
                                config("segment.bytes", setting("offsets.topic.segment.bytes", "104857600"))));
            case TopicNames.TRANSACTION_STATE ->
                internal(name, "transaction.state.log.num.partitions", "transaction.state.log.replication.factor", 50)
                        .setConfigs(List.of(
                                config("cleanup.policy", "compact"),
                                config("compression.type", "uncompressed"),
                                config("unclean.leader.election.enable", "false"),
                                config("min.insync.replicas", setting("transaction.state.log.min.isr", "2")),
                                config("segment.bytes", setting("transaction.state.log.segment.bytes", "104857600"))));
            case TopicNames.SHARE_GROUP_STATE ->
                internal(
                                name,
                                "share.coordinator.state.topic.num.partitions",
                                "share.coordinator.state.topic.replication.factor",
                                50)
                        .setConfigs(List.of(
                                config("cleanup.policy", "delete"),
                                config("compression.type", "uncompressed"),
                                config("retention.ms", "-1"),
                                config("min.insync.replicas", setting("share.coordinator.state.topic.min.isr", "2")),
                                config(
                                        "segment.bytes",
                                        setting("share.coordinator.state.topic.segment.bytes", "104857600"))));
            default ->
                new CreatableTopic().setName(name).setNumPartitions(DEFAULT).setReplicationFactor((short) DEFAULT);
        };
    }

    private CreatableTopic internal(String name, String partitionsKey, String factorKey, int partitionsDefault) {
        int partitions = number(partitionsKey, partitionsDefault);
        int factor = Math.min(number(factorKey, 3), Math.max(1, aliveBrokers()));
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) factor);
    }

    private int aliveBrokers() {
        int alive = 0;
        for (BrokerImage image : metadata.image().brokers().values()) {
            if (!image.fenced()) {
                alive++;
            }
        }
        return alive;
    }

    private String setting(String key, String otherwise) {
        String value = broker.config(key);
        return value == null ? otherwise : value;
    }

    private int number(String key, int otherwise) {
        String value = broker.config(key);
        return value == null ? otherwise : Integer.parseInt(value.trim());
    }

    private static CreatableTopicConfig config(String name, String value) {
        return new CreatableTopicConfig().setName(name).setValue(value);
    }
}
