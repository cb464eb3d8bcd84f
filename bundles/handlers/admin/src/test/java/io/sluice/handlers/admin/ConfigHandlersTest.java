package io.sluice.handlers.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.protocol.message.AlterConfigsRequest;
import io.sluice.protocol.message.AlterConfigsResponse;
import io.sluice.protocol.message.DescribeConfigsRequest;
import io.sluice.protocol.message.DescribeConfigsRequest.DescribeConfigsResource;
import io.sluice.protocol.message.DescribeConfigsResponse;
import io.sluice.protocol.message.DescribeConfigsResponse.DescribeConfigsResourceResult;
import io.sluice.protocol.message.DescribeConfigsResponse.DescribeConfigsResult;
import io.sluice.protocol.message.DescribeConfigsResponse.DescribeConfigsSynonym;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigHandlersTest {
    private static final byte TOPIC = ConfigResource.Type.TOPIC.code();
    private static final byte BROKER = ConfigResource.Type.BROKER.code();
    private static final byte BROKER_LOGGER = ConfigResource.Type.BROKER_LOGGER.code();
    private static final byte GROUP = ConfigResource.Type.GROUP.code();
    private static final byte SET = 0;
    private static final byte DELETE = 1;

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryBroker broker = new MemoryBroker().set("log.retention.ms", "1234567");
    private final MemoryController controller = new MemoryController(metadata);

    @BeforeEach
    void topic() {
        metadata.topic("t", 1);
        metadata.config(
                new ConfigResource(ConfigResource.Type.TOPIC, "t"),
                Map.of("segment.bytes", "2000000", "storage.engine", "memory"));
    }

    private DescribeConfigsResult describe(int version, byte type, String name, boolean detailed, String... keys) {
        DescribeConfigsResource resource = new DescribeConfigsResource()
                .setResourceType(type)
                .setResourceName(name)
                .setConfigurationKeys(keys.length == 0 ? null : List.of(keys));
        DescribeConfigsRequest asked = new DescribeConfigsRequest().setResources(List.of(resource));
        if (detailed) {
            asked.setIncludeSynonyms(true).setIncludeDocumentation(true);
        }
        RecordingRequest request = RecordingRequest.of(version, asked);
        new DescribeConfigsHandler(metadata, broker).handle(request);
        DescribeConfigsResult result =
                request.response(DescribeConfigsResponse.class).results().get(0);
        assertThat(result.resourceType()).isEqualTo(type);
        assertThat(result.resourceName()).isEqualTo(name);
        return result;
    }

    private static DescribeConfigsResourceResult key(DescribeConfigsResult result, String name) {
        return result.configs().stream()
                .filter(config -> config.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldDescribeATopicInEveryVersion() {
        for (int version = 1; version <= 4; version++) {
            DescribeConfigsResult result = describe(version, TOPIC, "t", false);

            assertThat(result.errorCode()).isZero();
            assertThat(result.configs()).hasSizeGreaterThan(20);
            assertThat(key(result, "segment.bytes").value()).isEqualTo("2000000");
            assertThat(key(result, "segment.bytes").configSource()).isEqualTo((byte) 1);
            assertThat(key(result, "segment.bytes").synonyms()).isEmpty();
            assertThat(key(result, "retention.ms").value()).isEqualTo("1234567");
            assertThat(key(result, "retention.ms").configSource()).isEqualTo((byte) 4);
            assertThat(key(result, "cleanup.policy").configSource()).isEqualTo((byte) 5);
            assertThat(key(result, "segment.bytes").configType()).isEqualTo((byte) (version >= 3 ? 3 : 0));
        }
    }

    @Test
    void shouldTellWhereAValueComesFromAndWhatTheKeyMeans() {
        DescribeConfigsResourceResult described = key(describe(4, TOPIC, "t", true), "segment.bytes");

        assertThat(described.synonyms())
                .extracting(DescribeConfigsSynonym::name)
                .containsExactly("segment.bytes", "log.segment.bytes");
        assertThat(described.synonyms().get(0).source()).isEqualTo((byte) 1);
        assertThat(described.documentation()).isNotBlank();
        assertThat(key(describe(4, TOPIC, "t", false), "segment.bytes").documentation())
                .isNull();
    }

    @Test
    void shouldDescribeOnlyTheKeysThatAreAskedFor() {
        assertThat(describe(4, TOPIC, "t", false, "retention.ms", "no.such.key").configs())
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactly("retention.ms");
    }

    @Test
    void shouldRefuseToDescribeWhatIsNotThere() {
        assertThat(describe(4, TOPIC, "nope", false).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(describe(4, TOPIC, "not valid!", false).errorCode())
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
        assertThat(describe(4, BROKER, "2", false).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(describe(4, BROKER, "x", false).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(describe(4, BROKER_LOGGER, "", false).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(describe(4, GROUP, "", false).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(describe(4, (byte) 99, "x", false).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldDescribeThisBrokerAndTheDefaultsOfAll() {
        metadata.config(new ConfigResource(ConfigResource.Type.BROKER, "1"), Map.of("log.cleaner.backoff.ms", "14999"));
        metadata.config(new ConfigResource(ConfigResource.Type.BROKER, ""), Map.of("log.retention.bytes", "777"));

        DescribeConfigsResult own = describe(4, BROKER, "1", true);
        DescribeConfigsResult defaults = describe(4, BROKER, "", false);

        assertThat(key(own, "log.cleaner.backoff.ms").value()).isEqualTo("14999");
        assertThat(key(own, "log.cleaner.backoff.ms").configSource()).isEqualTo((byte) 2);
        assertThat(key(own, "log.retention.ms").configSource()).isEqualTo((byte) 4);
        assertThat(key(own, "node.id").readOnly()).isTrue();
        assertThat(key(own, "log.cleaner.backoff.ms").readOnly()).isFalse();
        assertThat(defaults.configs())
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactly("log.retention.bytes");
        assertThat(defaults.configs().get(0).configSource()).isEqualTo((byte) 3);
    }

    @Test
    void shouldDescribeNothingToThoseWhoMayNot() {
        DescribeConfigsRequest asked = new DescribeConfigsRequest();
        asked.resources()
                .add(new DescribeConfigsResource().setResourceType(TOPIC).setResourceName("t"));
        asked.resources()
                .add(new DescribeConfigsResource().setResourceType(BROKER).setResourceName("1"));
        asked.resources()
                .add(new DescribeConfigsResource().setResourceType(GROUP).setResourceName("g"));
        RecordingRequest request =
                RecordingRequest.of(4, asked).allowing((operation, resource) -> operation == Operation.DESCRIBE);

        new DescribeConfigsHandler(metadata, broker).handle(request);

        assertThat(request.response(DescribeConfigsResponse.class).results())
                .extracting(result -> ErrorCode.of(result.errorCode()))
                .containsExactly(
                        ErrorCode.TOPIC_AUTHORIZATION_FAILED,
                        ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
                        ErrorCode.GROUP_AUTHORIZATION_FAILED);
    }

    private static AlterConfigsResource change(byte type, String name, AlterableConfig... configs) {
        return new AlterConfigsResource()
                .setResourceType(type)
                .setResourceName(name)
                .setConfigs(List.of(configs));
    }

    private static AlterableConfig op(byte operation, String name, String value) {
        return new AlterableConfig().setConfigOperation(operation).setName(name).setValue(value);
    }

    private List<AlterConfigsResourceResponse> alter(RecordingRequest request) {
        new IncrementalAlterConfigsHandler(controller, metadata, broker).handle(request);
        return request.response(IncrementalAlterConfigsResponse.class).responses();
    }

    private List<AlterConfigsResourceResponse> alter(AlterConfigsResource... resources) {
        return alter(RecordingRequest.of(1, new IncrementalAlterConfigsRequest().setResources(List.of(resources))));
    }

    @Test
    void shouldForwardWhatIsWellFormedAndAnswerInTheOrderOfTheRequest() {
        List<AlterConfigsResourceResponse> results = alter(
                change(TOPIC, "t", op(SET, "a", "1"), op(SET, "a", "2")),
                change(TOPIC, "u", op(SET, "retention.ms", "5")),
                change(TOPIC, "v", op(SET, "retention.ms", null)),
                change(TOPIC, "w", op(DELETE, "retention.ms", null)),
                change(BROKER, "2", op(SET, "log.retention.ms", "5")),
                change(BROKER, "1", op(SET, "log.retention.ms", "5")),
                change((byte) 99, "x"),
                change(BROKER_LOGGER, "1", op(SET, "no.such.logger", "DEBUG")));

        assertThat(results)
                .extracting(result -> result.resourceName() + " " + ErrorCode.of(result.errorCode()))
                .containsExactly(
                        "t INVALID_REQUEST",
                        "u NONE",
                        "v INVALID_REQUEST",
                        "w NONE",
                        "2 INVALID_REQUEST",
                        "1 NONE",
                        "x INVALID_REQUEST",
                        "1 INVALID_CONFIG");
        assertThat(((IncrementalAlterConfigsRequest) controller.requests().get(0)).resources())
                .hasSize(3);
    }

    @Test
    void shouldSetAndResetTheLevelOfALogger() {
        String name = "io.sluice.handlers.admin.LevelOfThisTest";
        org.slf4j.Logger logger = org.slf4j.LoggerFactory.getLogger(name);
        String inherited = key(describe(4, BROKER_LOGGER, "1", false), name).value();

        assertThat(alter(change(BROKER_LOGGER, "1", op(SET, name, "TRACE")))
                        .get(0)
                        .errorCode())
                .isZero();
        assertThat(logger.isTraceEnabled()).isTrue();
        assertThat(key(describe(4, BROKER_LOGGER, "1", false), name).value()).isEqualTo("TRACE");
        assertThat(key(describe(4, BROKER_LOGGER, "1", false), name).configSource())
                .isEqualTo((byte) 6);
        assertThat(alter(change(BROKER_LOGGER, "1", op(DELETE, name, null)))
                        .get(0)
                        .errorCode())
                .isZero();
        assertThat(key(describe(4, BROKER_LOGGER, "1", false), name).value()).isEqualTo(inherited);
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldRefuseWhatLoggersCannotHave() {
        assertThat(alter(change(BROKER_LOGGER, "1", op(SET, "root", "LOUD")))
                        .get(0)
                        .errorMessage())
                .isEqualTo("Cannot set the log level of root to LOUD as it is not a supported log level."
                        + " Valid log levels are DEBUG, ERROR, FATAL, INFO, TRACE, WARN");
        assertThat(alter(change(BROKER_LOGGER, "1", op(DELETE, "root", null)))
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(alter(change(BROKER_LOGGER, "1", op((byte) 2, "root", "INFO")))
                        .get(0)
                        .errorMessage())
                .isEqualTo("APPEND operation is not allowed for the BROKER_LOGGER resource");
        assertThat(alter(change(BROKER_LOGGER, "2", op(SET, "root", "INFO")))
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldRefuseAResourceThatIsGivenTwice() {
        assertThat(alter(
                        change(TOPIC, "t", op(SET, "retention.ms", "1")),
                        change(TOPIC, "t", op(SET, "segment.ms", "1"))))
                .hasSize(2)
                .allSatisfy(result -> assertThat(result.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code()));
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldNotAlterTheEngineOfATopic() {
        AlterConfigsResourceResponse other =
                alter(change(TOPIC, "t", op(SET, "storage.engine", "segment"))).get(0);
        AlterConfigsResourceResponse reset =
                alter(change(TOPIC, "t", op(DELETE, "storage.engine", null))).get(0);
        AlterConfigsResourceResponse same =
                alter(change(TOPIC, "t", op(SET, "storage.engine", "memory"))).get(0);

        assertThat(other.errorCode()).isEqualTo(ErrorCode.INVALID_CONFIG.code());
        assertThat(other.errorMessage()).contains("engine:migrate");
        assertThat(reset.errorCode()).isEqualTo(ErrorCode.INVALID_CONFIG.code());
        assertThat(same.errorCode()).isZero();
    }

    @Test
    void shouldRefuseWhatTheTopicsEngineCannotHonour() {
        AlterConfigsResourceResponse group =
                alter(change(TOPIC, "t", op(SET, "durability", "group"))).get(0);
        AlterConfigsResourceResponse os =
                alter(change(TOPIC, "t", op(SET, "durability", "os"))).get(0);
        AlterConfigsResourceResponse none =
                alter(change(TOPIC, "t", op(DELETE, "durability", null))).get(0);

        assertThat(group.errorCode()).isEqualTo(ErrorCode.INVALID_CONFIG.code());
        assertThat(group.errorMessage()).contains("durability").contains("memory");
        assertThat(os.errorCode()).isZero();
        assertThat(none.errorCode()).isZero();
    }

    @Test
    void shouldAlterOnlyWithTheRight() {
        RecordingRequest request = RecordingRequest.of(
                        1,
                        new IncrementalAlterConfigsRequest()
                                .setResources(List.of(
                                        change(TOPIC, "t", op(SET, "retention.ms", "1")),
                                        change(BROKER, "", op(SET, "log.retention.ms", "1")),
                                        change(GROUP, "g", op(SET, "x", "1")))))
                .allowing((operation, resource) -> operation != Operation.ALTER_CONFIGS);

        assertThat(alter(request))
                .extracting(result -> ErrorCode.of(result.errorCode()))
                .containsExactly(
                        ErrorCode.TOPIC_AUTHORIZATION_FAILED,
                        ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
                        ErrorCode.GROUP_AUTHORIZATION_FAILED);
    }

    @Test
    void shouldTellThatNoControllerIsActive() {
        controller.fail();

        assertThat(alter(change(TOPIC, "t", op(SET, "retention.ms", "1")))
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.NOT_CONTROLLER.code());
    }

    @Test
    void shouldKeepTheEngineWhenTheOldApiReplacesEverythingElse() {
        AlterConfigsRequest.AlterableConfig retention = new AlterConfigsRequest.AlterableConfig()
                .setName("retention.ms")
                .setValue("888888");
        AlterConfigsRequest asked = new AlterConfigsRequest()
                .setResources(List.of(new AlterConfigsRequest.AlterConfigsResource()
                        .setResourceType(TOPIC)
                        .setResourceName("t")
                        .setConfigs(List.of(retention))));
        for (int version = 0; version <= 2; version++) {
            RecordingRequest request = RecordingRequest.of(version, asked);

            new AlterConfigsHandler(controller, metadata, broker).handle(request);

            assertThat(request.response(AlterConfigsResponse.class)
                            .responses()
                            .get(0)
                            .errorCode())
                    .isZero();
            AlterConfigsRequest forwarded =
                    (AlterConfigsRequest) controller.requests().get(version);
            assertThat(forwarded.resources().get(0).configs())
                    .extracting(config -> config.name() + "=" + config.value())
                    .containsExactly("retention.ms=888888", "storage.engine=memory");
        }
    }
}
