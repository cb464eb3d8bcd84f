package io.sluice.handlers.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;

class CreateTopicsHandlerTest {
    private static final int NEWEST = ApiKey.CREATE_TOPICS.highestStableVersion();

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryController controller = new MemoryController(metadata);
    private final CreateTopicsHandler handler = new CreateTopicsHandler(controller, new MemoryBroker());

    private static CreateTopicsRequest create(String... names) {
        CreateTopicsRequest request = new CreateTopicsRequest();
        for (String name : names) {
            request.topics()
                    .add(new CreatableTopic().setName(name).setNumPartitions(3).setReplicationFactor((short) 1));
        }
        return request;
    }

    private List<CreatableTopicResult> ask(RecordingRequest request) {
        handler.handle(request);
        return request.response(CreateTopicsResponse.class).topics();
    }

    @Test
    void shouldCreateTopicsInEveryVersion() {
        for (int version = 2; version <= NEWEST; version++) {
            List<CreatableTopicResult> results =
                    ask(RecordingRequest.of(version, create("a" + version, "b" + version)));
            assertThat(results)
                    .allSatisfy(result -> assertThat(result.errorCode()).isZero());
            assertThat(results.get(1).numPartitions()).isEqualTo(version >= 5 ? 3 : -1);
            assertThat(metadata.image().topic("b" + version)).isNotNull();
        }
    }

    @Test
    void shouldRefuseNamesThatAreGivenTwiceAndCreateTheRest() {
        List<CreatableTopicResult> results = ask(RecordingRequest.of(NEWEST, create("twice", "once", "twice")));

        assertThat(results).hasSize(2);
        assertThat(results.get(0).name()).isEqualTo("twice");
        assertThat(results.get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(results.get(1).errorCode()).isZero();
        assertThat(metadata.image().topic("twice")).isNull();
    }

    @Test
    void shouldRefuseAnEngineThatIsNotInstalledAndNameThoseThatAre() {
        CreateTopicsRequest asked = create("a", "b");
        asked.topics()
                .get(0)
                .configs()
                .add(new CreatableTopicConfig().setName("storage.engine").setValue("tape"));
        asked.topics()
                .get(1)
                .configs()
                .add(new CreatableTopicConfig().setName("storage.engine").setValue("memory"));

        List<CreatableTopicResult> results = ask(RecordingRequest.of(NEWEST, asked));

        assertThat(results.get(0).errorCode()).isEqualTo(ErrorCode.INVALID_CONFIG.code());
        assertThat(results.get(0).errorMessage()).contains("tape").contains("memory, segment");
        assertThat(results.get(1).errorCode()).isZero();
        assertThat(metadata.image().topic("a")).isNull();
    }

    @Test
    void shouldRefuseAConfigurationThatTheEngineCannotHonourByItsName() {
        CreateTopicsRequest asked = create("a", "b");
        for (CreatableTopic topic : asked.topics()) {
            topic.configs().add(new CreatableTopicConfig().setName("durability").setValue("group"));
        }
        asked.topics()
                .get(0)
                .configs()
                .add(new CreatableTopicConfig().setName("storage.engine").setValue("memory"));

        List<CreatableTopicResult> results = ask(RecordingRequest.of(NEWEST, asked));

        assertThat(results.get(0).errorCode()).isEqualTo(ErrorCode.INVALID_CONFIG.code());
        assertThat(results.get(0).errorMessage())
                .contains("durability")
                .contains("group")
                .contains("memory")
                .contains("synced-writes");
        assertThat(results.get(1).errorCode()).isZero();
        assertThat(metadata.image().topic("a")).isNull();
    }

    @Test
    void shouldCreateOnlyWhatTheAskerMayCreate() {
        RecordingRequest request = RecordingRequest.of(NEWEST, create("mine", "theirs"))
                .allowing((operation, resource) ->
                        operation == Operation.DESCRIBE_CONFIGS || resource.equals(Resource.topic("mine")));

        List<CreatableTopicResult> results = ask(request);

        assertThat(results)
                .extracting(CreatableTopicResult::name, result -> ErrorCode.of(result.errorCode()))
                .containsExactlyInAnyOrder(
                        tuple("mine", ErrorCode.NONE), tuple("theirs", ErrorCode.TOPIC_AUTHORIZATION_FAILED));
    }

    @Test
    void shouldHideTheConfigurationFromThoseWhoMayNotReadIt() {
        RecordingRequest request = RecordingRequest.of(NEWEST, create("a"))
                .allowing((operation, resource) -> operation != Operation.DESCRIBE_CONFIGS);

        CreatableTopicResult result = ask(request).get(0);

        assertThat(result.errorCode()).isZero();
        assertThat(result.topicConfigErrorCode()).isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(result.numPartitions()).isEqualTo(-1);
        assertThat(result.replicationFactor()).isEqualTo((short) -1);
        assertThat(result.configs()).isEmpty();
    }

    @Test
    void shouldRefuseTheMetadataTopic() {
        assertThat(ask(RecordingRequest.of(NEWEST, create("__cluster_metadata")))
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldTellEveryTopicThatNoControllerIsActive() {
        controller.fail();

        assertThat(ask(RecordingRequest.of(NEWEST, create("a", "b"))))
                .allSatisfy(result -> assertThat(result.errorCode()).isEqualTo(ErrorCode.NOT_CONTROLLER.code()));
    }
}
