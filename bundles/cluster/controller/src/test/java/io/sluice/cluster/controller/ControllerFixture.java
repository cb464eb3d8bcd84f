package io.sluice.cluster.controller;

import io.sluice.base.RandomSource;
import io.sluice.base.Time;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.ControllerContext;
import io.sluice.cluster.api.ControllerNode;
import io.sluice.cluster.api.Feature;
import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.protocol.message.BrokerRegistrationRequest;
import io.sluice.protocol.message.BrokerRegistrationResponse;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A controller over a log in memory, with everything on the test's thread. */
final class ControllerFixture {
    static final int NODE = 1;
    static final String CLUSTER = "a-cluster";

    final MetadataControllerFactory factory = new MetadataControllerFactory();
    final MemoryLog log;
    final ControllerNode node;

    ControllerFixture() {
        this(new MemoryLog(NODE), Map.of());
    }

    ControllerFixture(MemoryLog log, Map<String, String> staticConfig) {
        this.log = log;
        this.node = open(factory, log, staticConfig);
    }

    /** With one broker. */
    static ControllerFixture registered() {
        ControllerFixture fixture = new ControllerFixture();
        fixture.register(NODE, null);
        return fixture;
    }

    static ControllerFixture registered(Map<String, String> staticConfig) {
        ControllerFixture fixture = new ControllerFixture(new MemoryLog(NODE), staticConfig);
        fixture.register(NODE, null);
        return fixture;
    }

    Controller controller() {
        return node.controller();
    }

    ClusterImage image() {
        return (ClusterImage) node.metadata().image();
    }

    BrokerRegistrationResponse register(int broker, String rack) {
        return done(controller().registerBroker(registration(broker, 7).setRack(rack), true));
    }

    static BrokerRegistrationRequest registration(int broker, long incarnation) {
        return new BrokerRegistrationRequest()
                .setBrokerId(broker)
                .setClusterId(CLUSTER)
                .setIncarnationId(new Uuid(broker, incarnation))
                .setLogDirs(List.of(new Uuid(100, broker)))
                .setFeatures(Arrays.stream(Feature.values())
                        .map(feature -> new BrokerRegistrationRequest.Feature()
                                .setName(feature.featureName())
                                .setMinSupportedVersion(feature.lowest())
                                .setMaxSupportedVersion(feature.highest()))
                        .toList())
                .setListeners(List.of(new BrokerRegistrationRequest.Listener()
                        .setName("PLAINTEXT")
                        .setHost("127.0.0.1")
                        .setPort(9092)
                        .setSecurityProtocol((short) 0)));
    }

    static CreatableTopic topic(String name, int partitions, int replicationFactor) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short)
                replicationFactor);
    }

    static CreatableTopicConfig config(String key, String value) {
        return new CreatableTopicConfig().setName(key).setValue(value);
    }

    static CreateTopicsRequest creating(CreatableTopic... topics) {
        return new CreateTopicsRequest().setTopics(List.of(topics));
    }

    CreatableTopicResult create(CreatableTopic topic) {
        return done(controller().createTopics(creating(topic))).topics().get(0);
    }

    Map<String, CreatableTopicResult> createAll(CreatableTopic... topics) {
        Map<String, CreatableTopicResult> results = new HashMap<>();
        done(controller().createTopics(creating(topics)))
                .topics()
                .forEach(result -> results.put(result.name(), result));
        return results;
    }

    static <T> T done(CompletableFuture<T> future) {
        if (!future.isDone()) {
            throw new AssertionError("not done yet");
        }
        return future.join();
    }

    static ControllerNode open(MemoryLog log, Map<String, String> staticConfig) {
        return open(new MetadataControllerFactory(), log, staticConfig);
    }

    private static ControllerNode open(
            MetadataControllerFactory factory, MemoryLog log, Map<String, String> staticConfig) {
        try {
            return factory.open(
                    new ControllerContext(
                            NODE, CLUSTER, staticConfig, Time.SYSTEM, new StepScheduler(), RandomSource.seeded(42)),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
