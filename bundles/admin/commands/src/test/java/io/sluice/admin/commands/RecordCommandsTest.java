package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.ErrorCode;
import io.sluice.base.Time;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.FindCoordinatorRequest;
import io.sluice.protocol.message.FindCoordinatorResponse;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.sluice.protocol.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchResponse;
import io.sluice.protocol.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RecordCommandsTest {
    private final BrokerFake broker = new BrokerFake();
    private final BrokerAccess access = broker.access();
    private final TopicNames names = new TopicNames(access);
    private final ProduceCommand produce = new ProduceCommand(access, names, Time.SYSTEM);
    private final ConsumeCommand consume =
            new ConsumeCommand(access, names, new GroupOffsets(new GroupCoordinatorCalls(access)));

    @BeforeEach
    void topics() {
        broker.topic("t", 1);
        broker.topic("many", 3);
    }

    private String consumed(InvocationFake invocation) throws Exception {
        assertThat(consume.run(invocation)).isZero();
        return invocation.printed();
    }

    @Test
    void shouldWriteEachValueAndReadItBack() throws Exception {
        InvocationFake invocation = new InvocationFake("t").with("value", "a", "b");
        assertThat(produce.run(invocation)).isZero();

        assertThat(invocation.printed()).isEqualTo("2 records written to t, last at 0@1\n");
        assertThat(consumed(new InvocationFake("t"))).isEqualTo("a\nb\n");
        assertThat(consumed(new InvocationFake("t").with("max", "1"))).isEqualTo("a\n");
        assertThat(consumed(new InvocationFake("t").with("from", "1"))).isEqualTo("b\n");
        assertThat(consumed(new InvocationFake("t").with("from", "latest"))).isEmpty();
    }

    @Test
    void shouldWriteEachLineOfTheInput() throws Exception {
        produce.run(new InvocationFake("t").with("key-separator", ":").input("k:v\nplain\n"));

        assertThat(consumed(new InvocationFake("t").with("keys"))).isEqualTo("k\tv\nnull\tplain\n");
    }

    @Test
    void shouldPrintEverythingOfARecordAsJson() throws Exception {
        produce.run(new InvocationFake("t").with("value", "v").with("key", "k").with("header", "a=1", "b="));
        InvocationFake invocation = new InvocationFake("t").with("json");
        consume.run(invocation);

        assertThat(invocation.rows()).hasSize(1);
        Map<String, ?> row = invocation.rows().get(0);
        assertThat(row.get("key")).isEqualTo("k");
        assertThat(row.get("value")).isEqualTo("v");
        assertThat(row.get("offset")).isEqualTo(0L);
        assertThat(row.get("headers")).isEqualTo(Map.of("a", "1", "b", ""));
    }

    @Test
    void shouldKeepRecordsOfOneKeyTogetherWhereKafkasProducerPutsThem() throws Exception {
        for (String key : List.of("a", "a", "a")) {
            produce.run(new InvocationFake("many").with("value", "v").with("key", key));
        }
        int partition = KeyPartitioner.partitionFor("a".getBytes(java.nio.charset.StandardCharsets.UTF_8), 3);
        assertThat(consumed(new InvocationFake("many").with("partition", String.valueOf(partition))))
                .isEqualTo("v\nv\nv\n");
    }

    @Test
    void shouldGoOnWhileThePartitionHasNoLeaderForAMoment() throws Exception {
        produce.run(new InvocationFake("t").with("value", "a"));
        broker.unavailableReads(2);

        assertThat(consumed(new InvocationFake("t"))).isEqualTo("a\n");
    }

    @Test
    void shouldSayWhatIsMissing() {
        assertThatThrownBy(() -> consume.run(new InvocationFake("none"))).hasMessageContaining("topic:create none");
        assertThatThrownBy(() -> consume.run(new InvocationFake("t").with("partition", "5")))
                .hasMessage("t has no partition 5");
        assertThatThrownBy(() -> produce.run(
                        new InvocationFake("t").with("partition", "5").with("value", "a")))
                .hasMessage("t has the partitions 0 to 0");
        assertThatThrownBy(() -> new ConsumeCommand(
                                new BrokerAccess(),
                                new TopicNames(new BrokerAccess()),
                                new GroupOffsets(new GroupCoordinatorCalls(new BrokerAccess())))
                        .run(new InvocationFake("t")))
                .hasMessageContaining("the broker is not ready");
    }

    @Test
    void shouldFindTheCoordinatorAndCommitForAGroup() throws Exception {
        produce.run(new InvocationFake("t").with("value", "a", "b"));
        List<OffsetCommitRequest> commits = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        broker.answer(ApiKey.FIND_COORDINATOR, FindCoordinatorRequest.class, request -> {
            asked.addAll(request.coordinatorKeys());
            return new FindCoordinatorResponse();
        });
        broker.answer(ApiKey.OFFSET_FETCH, OffsetFetchRequest.class, request -> new OffsetFetchResponse()
                .setGroups(List.of(new OffsetFetchResponseGroup()
                        .setGroupId("g")
                        .setErrorCode(asked.isEmpty() ? ErrorCode.NOT_COORDINATOR.code() : 0))));
        broker.answer(ApiKey.OFFSET_COMMIT, OffsetCommitRequest.class, request -> {
            commits.add(request);
            return new OffsetCommitResponse()
                    .setTopics(List.of(new OffsetCommitResponseTopic()
                            .setName("t")
                            .setPartitions(List.of(new OffsetCommitResponsePartition()))));
        });

        assertThat(consumed(new InvocationFake("t").with("group", "g").with("max", "1")))
                .isEqualTo("a\n");

        assertThat(asked).containsExactly("g");
        assertThat(commits).hasSize(1);
        assertThat(commits.get(0).topics().get(0).partitions().get(0).committedOffset())
                .isEqualTo(1L);
    }
}
