package io.sluice.handlers.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.sluice.protocol.message.DeleteTopicsResponse;
import io.sluice.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import io.sluice.security.api.ResourceType;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeleteTopicsHandlerTest {
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryBroker broker = new MemoryBroker();
    private final MemoryController controller = new MemoryController(metadata);
    private final DeleteTopicsHandler handler = new DeleteTopicsHandler(controller, metadata, broker);

    private List<DeletableTopicResult> ask(RecordingRequest request) {
        handler.handle(request);
        return request.response(DeleteTopicsResponse.class).responses();
    }

    private static DeleteTopicState named(String name) {
        return new DeleteTopicState().setName(name);
    }

    private static DeleteTopicState identified(Uuid id) {
        return new DeleteTopicState().setTopicId(id);
    }

    private static DeleteTopicsRequest delete(DeleteTopicState... topics) {
        return new DeleteTopicsRequest().setTopics(List.of(topics));
    }

    @Test
    void shouldDeleteByNameInEveryVersion() {
        for (int version = 1; version <= 6; version++) {
            metadata.topic("t", 1);
            DeleteTopicsRequest asked =
                    version < 6 ? new DeleteTopicsRequest().setTopicNames(List.of("t")) : delete(named("t"));
            DeletableTopicResult result =
                    ask(RecordingRequest.of(version, asked)).get(0);
            assertThat(result.errorCode()).isZero();
            assertThat(result.name()).isEqualTo("t");
            assertThat(metadata.image().topic("t")).isNull();
        }
    }

    @Test
    void shouldDeleteById() {
        TopicImage topic = metadata.topic("t", 1);

        DeletableTopicResult result =
                ask(RecordingRequest.of(6, delete(identified(topic.id())))).get(0);

        assertThat(result.errorCode()).isZero();
        assertThat(result.name()).isEqualTo("t");
        assertThat(result.topicId()).isEqualTo(topic.id());
    }

    @Test
    void shouldNameWhatIsUnknown() {
        List<DeletableTopicResult> results =
                ask(RecordingRequest.of(6, delete(named("nope"), identified(new Uuid(7L, 7L)))));

        assertThat(results)
                .extracting(result -> ErrorCode.of(result.errorCode()))
                .containsExactlyInAnyOrder(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsGivenTwiceInAnyWay() {
        TopicImage a = metadata.topic("a", 1);
        TopicImage b = metadata.topic("b", 1);
        TopicImage c = metadata.topic("c", 1);

        List<DeletableTopicResult> results = ask(RecordingRequest.of(
                6,
                delete(
                        named("a"),
                        named("a"),
                        identified(b.id()),
                        identified(b.id()),
                        named("c"),
                        identified(c.id()),
                        named("both").setTopicId(a.id()),
                        new DeleteTopicState())));

        assertThat(results).hasSize(5).allSatisfy(result -> assertThat(result.errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code()));
        assertThat(metadata.image().topics()).hasSize(3);
    }

    @Test
    void shouldTellNothingToThoseWhoMayNotDescribe() {
        TopicImage topic = metadata.topic("secret", 1);
        RecordingRequest blind = RecordingRequest.of(6, delete(identified(topic.id()), named("nope")))
                .allowing((operation, resource) -> false);
        RecordingRequest seeing = RecordingRequest.of(6, delete(identified(topic.id())))
                .allowing((operation, resource) -> operation == Operation.DESCRIBE);

        List<DeletableTopicResult> hidden = ask(blind);

        assertThat(hidden).allSatisfy(result -> assertThat(result.errorCode())
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code()));
        assertThat(hidden).extracting(DeletableTopicResult::name).containsExactlyInAnyOrder(null, "nope");
        assertThat(ask(seeing).get(0).name()).isEqualTo("secret");
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldDeleteWithTheRightForTheTopicAlone() {
        metadata.topic("t", 1);
        RecordingRequest request = RecordingRequest.of(6, delete(named("t")))
                .allowing((operation, resource) -> resource.type() == ResourceType.TOPIC);

        assertThat(ask(request).get(0).errorCode()).isZero();
    }

    @Test
    void shouldDeleteNothingWhereThatIsSwitchedOff() {
        metadata.topic("t", 1);
        broker.set("delete.topic.enable", "false");

        assertThat(ask(RecordingRequest.of(6, delete(named("t")))).get(0).errorCode())
                .isEqualTo(ErrorCode.TOPIC_DELETION_DISABLED.code());
        DeleteTopicsRequest old = new DeleteTopicsRequest().setTopicNames(List.of("t"));
        assertThat(ask(RecordingRequest.of(2, old)).get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(metadata.image().topic("t")).isNotNull();
    }
}
