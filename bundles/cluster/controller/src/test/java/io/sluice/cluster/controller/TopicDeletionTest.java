package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.config;
import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.sluice.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicDeletionTest {
    private final ControllerFixture fixture = ControllerFixture.registered();
    private final Uuid id = fixture.create(topic("t", 1, 1).setConfigs(List.of(config("retention.ms", "5"))))
            .topicId();

    private List<DeletableTopicResult> delete(DeleteTopicState... topics) {
        return delete(fixture, topics);
    }

    private static List<DeletableTopicResult> delete(ControllerFixture fixture, DeleteTopicState... topics) {
        return done(fixture.controller().deleteTopics(new DeleteTopicsRequest().setTopics(List.of(topics))))
                .responses();
    }

    private static DeleteTopicState named(String name) {
        return new DeleteTopicState().setName(name);
    }

    private static DeleteTopicState identified(Uuid id) {
        return new DeleteTopicState().setName(null).setTopicId(id);
    }

    private static ErrorCode error(DeletableTopicResult result) {
        return ErrorCode.of(result.errorCode());
    }

    @Test
    void shouldDeleteByNameWithItsConfiguration() {
        DeletableTopicResult result = delete(named("t")).get(0);

        assertThat(error(result)).isEqualTo(ErrorCode.NONE);
        assertThat(result.topicId()).isEqualTo(id);
        assertThat(fixture.image().topic("t")).isNull();
        assertThat(fixture.image().config(new ConfigResource(ConfigResource.Type.TOPIC, "t")))
                .isEmpty();
    }

    @Test
    void shouldDeleteById() {
        DeletableTopicResult result = delete(identified(id)).get(0);

        assertThat(error(result)).isEqualTo(ErrorCode.NONE);
        assertThat(result.name()).isEqualTo("t");
        assertThat(fixture.image().topic(id)).isNull();
    }

    @Test
    void shouldDeleteByTheListOfNamesOfOldVersions() {
        DeletableTopicResult result = done(fixture.controller()
                        .deleteTopics(new DeleteTopicsRequest().setTopicNames(List.of("t"))))
                .responses()
                .get(0);

        assertThat(error(result)).isEqualTo(ErrorCode.NONE);
        assertThat(fixture.image().topics()).isEmpty();
    }

    @Test
    void shouldTellUnknownNamesFromUnknownIds() {
        List<DeletableTopicResult> results = delete(named("no"), identified(new Uuid(5, 5)));

        assertThat(error(results.get(0))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(results.get(1))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldRefuseTopicThatIsNamedBothWaysOrNeither() {
        List<DeletableTopicResult> results = delete(named("t").setTopicId(id), identified(Uuid.ZERO));

        assertThat(results).extracting(TopicDeletionTest::error).containsOnly(ErrorCode.INVALID_REQUEST);
        assertThat(fixture.image().topic("t")).isNotNull();
    }

    @Test
    void shouldRefuseDuplicates() {
        List<DeletableTopicResult> results = delete(named("t"), named("t"));
        assertThat(results).hasSize(1);
        assertThat(error(results.get(0))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(fixture.image().topic("t")).isNotNull();

        List<DeletableTopicResult> mixed = delete(named("t"), identified(id));
        assertThat(mixed)
                .extracting(TopicDeletionTest::error)
                .containsExactlyInAnyOrder(ErrorCode.NONE, ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldDeleteNothingWhereDeletionIsSwitchedOff() {
        ControllerFixture locked = ControllerFixture.registered(Map.of("delete.topic.enable", "false"));
        locked.create(topic("t", 1, 1));

        assertThat(error(delete(locked, named("t")).get(0))).isEqualTo(ErrorCode.TOPIC_DELETION_DISABLED);
        assertThat(locked.image().topic("t")).isNotNull();
    }

    @Test
    void shouldFreeTheNamesThatCollidedWithDeletedTopic() {
        fixture.create(topic("a.b", 1, 1));
        assertThat(fixture.create(topic("a_b", 1, 1)).errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
        delete(named("a.b"));

        assertThat(fixture.create(topic("a_b", 1, 1)).errorCode()).isZero();
    }

    @Test
    void shouldGiveTopicThatIsMadeAgainAnotherId() {
        delete(named("t"));

        assertThat(fixture.create(topic("t", 1, 1)).topicId()).isNotEqualTo(id);
    }
}
