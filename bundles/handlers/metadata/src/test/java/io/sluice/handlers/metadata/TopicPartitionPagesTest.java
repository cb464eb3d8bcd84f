package io.sluice.handlers.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.message.DescribeTopicPartitionsRequest;
import io.sluice.protocol.message.DescribeTopicPartitionsRequest.Cursor;
import io.sluice.protocol.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.sluice.protocol.message.DescribeTopicPartitionsResponse;
import io.sluice.protocol.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicPartitionPagesTest {
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryBroker broker = new MemoryBroker();
    private final DescribeTopicPartitionsHandler handler = new DescribeTopicPartitionsHandler(metadata, broker);

    private DescribeTopicPartitionsResponse ask(DescribeTopicPartitionsRequest asked) {
        RecordingRequest request = RecordingRequest.of(0, asked);
        handler.handle(request);
        return request.response(DescribeTopicPartitionsResponse.class);
    }

    private static DescribeTopicPartitionsRequest named(String... names) {
        DescribeTopicPartitionsRequest request = new DescribeTopicPartitionsRequest();
        for (String name : names) {
            request.topics().add(new TopicRequest().setName(name));
        }
        return request;
    }

    @Test
    void shouldDescribeTopicsInTheOrderOfTheirNames() {
        metadata.topic("b", 1);
        metadata.topic("a", 2);

        DescribeTopicPartitionsResponse response = ask(named("b", "nope", "a", "not valid!"));

        assertThat(response.topics())
                .extracting(DescribeTopicPartitionsResponseTopic::name)
                .containsExactly("a", "b", "nope", "not valid!");
        assertThat(response.topics())
                .extracting(topic -> ErrorCode.of(topic.errorCode()))
                .containsExactly(
                        ErrorCode.NONE,
                        ErrorCode.NONE,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        ErrorCode.INVALID_TOPIC_EXCEPTION);
        assertThat(response.topics().get(0).partitions()).hasSize(2);
        assertThat(response.topics().get(0).partitions().get(0).eligibleLeaderReplicas())
                .isEmpty();
        assertThat(response.topics().get(0).topicAuthorizedOperations()).isPositive();
        assertThat(response.nextCursor()).isNull();
    }

    @Test
    void shouldCoverEveryPartitionOnceWhenReadPageByPage() {
        metadata.topic("a", 3);
        metadata.topic("b", 2);
        metadata.topic("c", 4);
        List<String> seen = new ArrayList<>();
        DescribeTopicPartitionsRequest asked = new DescribeTopicPartitionsRequest().setResponsePartitionLimit(2);
        DescribeTopicPartitionsResponse page;
        do {
            page = ask(asked);
            int before = seen.size();
            page.topics().forEach(t -> t.partitions().forEach(p -> seen.add(t.name() + p.partitionIndex())));
            assertThat(seen.size() - before).isLessThanOrEqualTo(2);
            if (page.nextCursor() != null) {
                asked.setCursor(new Cursor()
                        .setTopicName(page.nextCursor().topicName())
                        .setPartitionIndex(page.nextCursor().partitionIndex()));
            }
        } while (page.nextCursor() != null);

        assertThat(seen).containsExactly("a0", "a1", "a2", "b0", "b1", "c0", "c1", "c2", "c3");
    }

    @Test
    void shouldKeepToTheBrokersLimit() {
        metadata.topic("a", 5);
        broker.set("max.request.partition.size.limit", "3");

        assertThat(ask(named("a")).topics().get(0).partitions()).hasSize(3);
    }

    @Test
    void shouldRefuseACursorThatPointsNowhere() {
        metadata.topic("a", 1);
        Cursor elsewhere = new Cursor().setTopicName("b").setPartitionIndex(0);
        Cursor negative = new Cursor().setTopicName("a").setPartitionIndex(-1);

        assertThat(ask(named("a").setCursor(elsewhere)).topics().get(0).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(ask(named("a").setCursor(negative)).topics().get(0).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldHideTopicsThatMayNotBeDescribed() {
        metadata.topic("open", 1);
        metadata.topic("secret", 1);
        RecordingRequest named = RecordingRequest.of(0, named("open", "secret"))
                .allowing((operation, resource) -> !resource.equals(Resource.topic("secret")));
        RecordingRequest all = RecordingRequest.of(0, named())
                .allowing((operation, resource) -> !resource.equals(Resource.topic("secret")));

        handler.handle(named);
        handler.handle(all);

        assertThat(named.response(DescribeTopicPartitionsResponse.class)
                        .topics()
                        .get(1)
                        .errorCode())
                .isEqualTo(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code());
        assertThat(all.response(DescribeTopicPartitionsResponse.class).topics()).hasSize(1);
    }
}
