package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.protocol.message.AlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigRequestsTest {
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;
    private static final ConfigResource TOPIC = new ConfigResource(ConfigResource.Type.TOPIC, "t");
    private static final ConfigResource BROKER = new ConfigResource(ConfigResource.Type.BROKER, "1");
    private static final ConfigResource ALL_BROKERS = new ConfigResource(ConfigResource.Type.BROKER, "");

    private final ControllerFixture fixture = ControllerFixture.registered();

    @BeforeEach
    void createTopic() {
        fixture.create(topic("t", 1, 1));
    }

    private static AlterableConfig op(byte operation, String key, @Nullable String value) {
        return new AlterableConfig().setConfigOperation(operation).setName(key).setValue(value);
    }

    private static AlterConfigsResource change(ConfigResource resource, AlterableConfig... configs) {
        return new AlterConfigsResource()
                .setResourceType(resource.type().code())
                .setResourceName(resource.name())
                .setConfigs(List.of(configs));
    }

    private List<AlterConfigsResourceResponse> alter(boolean validateOnly, AlterConfigsResource... resources) {
        return done(fixture.controller()
                        .incrementalAlterConfigs(new IncrementalAlterConfigsRequest()
                                .setResources(List.of(resources))
                                .setValidateOnly(validateOnly)))
                .responses();
    }

    private AlterConfigsResourceResponse alter(ConfigResource resource, AlterableConfig... configs) {
        return alter(false, change(resource, configs)).get(0);
    }

    private static ErrorCode error(AlterConfigsResourceResponse response) {
        return ErrorCode.of(response.errorCode());
    }

    private Map<String, String> config(ConfigResource resource) {
        return fixture.image().config(resource);
    }

    @Test
    void shouldSetAndDeleteKeysOfTopic() {
        assertThat(error(alter(TOPIC, op(SET, "retention.ms", "5"), op(SET, "flush.ms", "6"))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(config(TOPIC)).isEqualTo(Map.of("retention.ms", "5", "flush.ms", "6"));

        assertThat(error(alter(TOPIC, op(DELETE, "retention.ms", null)))).isEqualTo(ErrorCode.NONE);
        assertThat(config(TOPIC)).isEqualTo(Map.of("flush.ms", "6"));
    }

    @Test
    void shouldKeepWhatAGroupMayHave() {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "g");

        assertThat(error(alter(group, op(SET, "share.session.timeout.ms", "50000"))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(config(group)).isEqualTo(Map.of("share.session.timeout.ms", "50000"));
        AlterConfigsResourceResponse beyond = alter(group, op(SET, "share.session.timeout.ms", "70000"));
        assertThat(error(beyond)).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(beyond.errorMessage())
                .isEqualTo("share.session.timeout.ms must be in the range 45000 to 60000 inclusive.");
        assertThat(alter(group, op(SET, "session", "1")).errorMessage())
                .startsWith("Unknown group config name: session");
        assertThat(error(alter(new ConfigResource(ConfigResource.Type.GROUP, ""), op(DELETE, "x", null))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(config(group)).isEqualTo(Map.of("share.session.timeout.ms", "50000"));
    }

    @Test
    void shouldKeepSubscriptionsToClientMetrics() {
        ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "m");

        assertThat(error(alter(metrics, op(SET, "interval.ms", "5000"), op(SET, "match", "client_id=a"))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(config(metrics)).isEqualTo(Map.of("interval.ms", "5000", "match", "client_id=a"));
        assertThat(error(alter(metrics, op(SET, "interval.ms", "99")))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(alter(metrics, op(SET, "interval.ms", "x")))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(error(alter(metrics, op(SET, "match", "x=a")))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(error(alter(metrics, op(SET, "no", "x")))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldAppendToListAndSubtractFromIt() {
        alter(TOPIC, op(APPEND, "cleanup.policy", "compact"));
        assertThat(config(TOPIC)).isEqualTo(Map.of("cleanup.policy", "delete,compact"));
        alter(TOPIC, op(APPEND, "cleanup.policy", "compact"));
        assertThat(config(TOPIC)).isEqualTo(Map.of("cleanup.policy", "delete,compact"));
        alter(TOPIC, op(SUBTRACT, "cleanup.policy", "delete"));
        assertThat(config(TOPIC)).isEqualTo(Map.of("cleanup.policy", "compact"));

        AlterConfigsResourceResponse noList = alter(TOPIC, op(APPEND, "retention.ms", "5"));
        assertThat(error(noList)).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(noList.errorMessage()).contains("retention.ms");
    }

    @Test
    void shouldChangeWholeResourceOrNothingOfIt() {
        AlterConfigsResourceResponse response =
                alter(TOPIC, op(SET, "retention.ms", "5"), op(SET, "segment.bytes", "-5"));

        assertThat(error(response)).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(response.errorMessage()).contains("segment.bytes");
        assertThat(config(TOPIC)).isEmpty();
    }

    @Test
    void shouldRefuseUnknownKeyWithTheNearestOne() {
        AlterConfigsResourceResponse response = alter(TOPIC, op(SET, "no.such.key", "5"));

        assertThat(error(response)).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(response.errorMessage()).contains("no.such.key").contains("nearest");
    }

    @Test
    void shouldRefuseKeysThatContradictEachOther() {
        assertThat(error(alter(TOPIC, op(SET, "max.compaction.lag.ms", "5")))).isEqualTo(ErrorCode.NONE);
        assertThat(error(alter(TOPIC, op(SET, "min.compaction.lag.ms", "6")))).isEqualTo(ErrorCode.INVALID_CONFIG);
    }

    @Test
    void shouldOnlyValidateWhenAsked() {
        assertThat(error(
                        alter(true, change(TOPIC, op(SET, "retention.ms", "5"))).get(0)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(error(
                        alter(true, change(TOPIC, op(SET, "retention.ms", "x"))).get(0)))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(config(TOPIC)).isEmpty();
    }

    @Test
    void shouldRefuseRequestsThatAreNotWellFormed() {
        assertThat(alter(false, change(TOPIC, op(SET, "retention.ms", "5")), change(TOPIC, op(SET, "flush.ms", "5"))))
                .hasSize(2)
                .allSatisfy(response -> assertThat(error(response)).isEqualTo(ErrorCode.INVALID_REQUEST));
        assertThat(error(alter(TOPIC, op(SET, "retention.ms", "5"), op(DELETE, "retention.ms", null))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(alter(TOPIC, op(SET, "retention.ms", null)))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(alter(TOPIC, op((byte) 9, "retention.ms", "5")))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(alter(new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1"), op(SET, "a", "b"))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(config(TOPIC)).isEmpty();
    }

    @Test
    void shouldRefuseResourcesThatAreNotThere() {
        assertThat(error(alter(new ConfigResource(ConfigResource.Type.TOPIC, "no"), op(SET, "flush.ms", "5"))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(alter(new ConfigResource(ConfigResource.Type.TOPIC, "a b"), op(SET, "flush.ms", "5"))))
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(error(alter(new ConfigResource(ConfigResource.Type.TOPIC, ""), op(SET, "flush.ms", "5"))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(alter(
                        new ConfigResource(ConfigResource.Type.BROKER, "9"), op(SET, "log.cleaner.backoff.ms", "5"))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(alter(
                        new ConfigResource(ConfigResource.Type.BROKER, "one"), op(SET, "log.cleaner.backoff.ms", "5"))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldAlterDynamicKeysOfOneBrokerAndOfAll() {
        assertThat(error(alter(BROKER, op(SET, "log.cleaner.backoff.ms", "14999"))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(error(alter(ALL_BROKERS, op(SET, "log.retention.ms", "7")))).isEqualTo(ErrorCode.NONE);

        assertThat(config(BROKER)).isEqualTo(Map.of("log.cleaner.backoff.ms", "14999"));
        assertThat(config(ALL_BROKERS)).isEqualTo(Map.of("log.retention.ms", "7"));
    }

    @Test
    void shouldRefuseBrokersKeysThatAreReadAtStart() {
        AlterConfigsResourceResponse response = alter(BROKER, op(SET, "node.id", "9"));

        assertThat(error(response)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(response.errorMessage()).isEqualTo("Cannot update these configs dynamically: [node.id]");
        assertThat(error(alter(BROKER, op(SET, "log.cleaner.backoff.ms", "-1"))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(alter(BROKER, op(SET, "no.such.key", "1")))).isEqualTo(ErrorCode.INVALID_CONFIG);
    }

    @Test
    void shouldKeepMinimumOfInSyncReplicasTheSameOnAllBrokersWhileTheyAreCounted() {
        AlterConfigsResourceResponse one = alter(BROKER, op(SET, "min.insync.replicas", "1"));
        assertThat(error(one)).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(one.errorMessage())
                .isEqualTo("Broker-level min.insync.replicas cannot be altered while ELR is enabled.");
        assertThat(error(alter(ALL_BROKERS, op(SET, "min.insync.replicas", "2"))))
                .isEqualTo(ErrorCode.NONE);
        AlterConfigsResourceResponse removal = alter(ALL_BROKERS, op(DELETE, "min.insync.replicas", null));
        assertThat(error(removal)).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(removal.errorMessage())
                .isEqualTo("Cluster-level min.insync.replicas cannot be removed while ELR is enabled.");
        assertThat(error(alter(TOPIC, op(SET, "min.insync.replicas", "1"), op(DELETE, "flush.ms", null))))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseValuesThatAreTooLong() {
        ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "long");
        assertThat(error(alter(metrics, op(SET, "metrics", "m".repeat(32_768)))))
                .isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(error(alter(metrics, op(SET, "metrics", "m".repeat(32_767)))))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseToAlterTheEngineOfAnExistingTopic() {
        AlterConfigsResourceResponse response = alter(TOPIC, op(SET, "storage.engine", "memory"));
        assertThat(error(response)).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(response.errorMessage()).contains("use engine:migrate");
        assertThat(error(alter(TOPIC, op(SET, "storage.engine", "segment")))).isEqualTo(ErrorCode.NONE);

        fixture.create(topic("m", 1, 1).setConfigs(List.of(ControllerFixture.config("storage.engine", "memory"))));
        ConfigResource inMemory = new ConfigResource(ConfigResource.Type.TOPIC, "m");
        assertThat(error(alter(inMemory, op(DELETE, "storage.engine", null)))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(config(inMemory)).isEqualTo(Map.of("storage.engine", "memory"));
    }

    @Test
    void shouldReplaceEverythingButTheEngineByTheOldRequest() {
        fixture.create(
                topic("m", 1, 1).setConfigs(List.of(config("storage.engine", "memory"), config("flush.ms", "6"))));
        replace("m", "retention.ms", "888888");

        assertThat(config(new ConfigResource(ConfigResource.Type.TOPIC, "m")))
                .isEqualTo(Map.of("storage.engine", "memory", "retention.ms", "888888"));
        assertThat(replace("t", "retention.ms", null)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(replace("t", "retention.mss", "1")).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(replace("t", "storage.engine", "memory")).isEqualTo(ErrorCode.INVALID_CONFIG);
    }

    private static io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig config(
            String key, String value) {
        return ControllerFixture.config(key, value);
    }

    private ErrorCode replace(String topic, String key, @Nullable String value) {
        AlterConfigsRequest request = new AlterConfigsRequest()
                .setResources(List.of(new AlterConfigsRequest.AlterConfigsResource()
                        .setResourceType((byte) 2)
                        .setResourceName(topic)
                        .setConfigs(List.of(new AlterConfigsRequest.AlterableConfig()
                                .setName(key)
                                .setValue(value)))));
        return ErrorCode.of(done(fixture.controller().alterConfigs(request))
                .responses()
                .get(0)
                .errorCode());
    }

    @Test
    void shouldWriteNothingWhenNothingChanges() {
        alter(TOPIC, op(SET, "retention.ms", "5"));
        List<MetadataDelta> deltas = new ArrayList<>();
        fixture.node.metadata().subscribe((delta, image) -> deltas.add(delta));
        deltas.clear();

        assertThat(error(alter(TOPIC, op(SET, "retention.ms", "5"), op(DELETE, "flush.ms", null))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(deltas).isEmpty();
    }
}
