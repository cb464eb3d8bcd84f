package io.sluice.admin.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.admin.api.Command;
import io.sluice.admin.api.CommandException;
import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterShareGroupOffsetsRequest;
import io.sluice.protocol.message.AlterShareGroupOffsetsResponse;
import io.sluice.protocol.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponsePartition;
import io.sluice.protocol.message.AlterShareGroupOffsetsResponse.AlterShareGroupOffsetsResponseTopic;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponsePartition;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseTopic;
import io.sluice.protocol.message.ListGroupsRequest;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.ShareGroupDescribeRequest;
import io.sluice.protocol.message.ShareGroupDescribeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code group:offsets} and {@code group:reset-offsets} of share groups. */
final class ShareGroupOffsetsTest {
    private final BrokerFake broker = new BrokerFake();
    private final BrokerAccess access = broker.access();
    private final GroupCoordinatorCalls coordinator = new GroupCoordinatorCalls(access);
    private final GroupCommands commands =
            new GroupCommands(access, new TopicNames(access), new GroupOffsets(coordinator), coordinator);

    @BeforeEach
    void shareGroup() {
        broker.topic("orders", 2);
        broker.end(new TopicPartition("orders", 0), 20L);
        broker.end(new TopicPartition("orders", 1), 9L);
        broker.answer(ApiKey.LIST_GROUPS, ListGroupsRequest.class, request -> new ListGroupsResponse()
                .setGroups(List.of(new ListGroupsResponse.ListedGroup()
                        .setGroupId("workers")
                        .setGroupType("share"))));
        broker.answer(
                ApiKey.SHARE_GROUP_DESCRIBE,
                ShareGroupDescribeRequest.class,
                request -> new ShareGroupDescribeResponse()
                        .setGroups(List.of(new ShareGroupDescribeResponse.DescribedGroup()
                                .setGroupId("workers")
                                .setGroupState("Empty"))));
    }

    private int run(String verb, InvocationFake invocation) throws Exception {
        for (Command command : commands.all()) {
            if (command.verb().equals(verb)) {
                return command.run(invocation);
            }
        }
        throw new IllegalStateException("no command " + verb);
    }

    private void told(DescribeShareGroupOffsetsResponsePartition... partitions) {
        DescribeShareGroupOffsetsResponseTopic topic = new DescribeShareGroupOffsetsResponseTopic()
                .setTopicName("orders")
                .setPartitions(List.of(partitions));
        broker.answer(
                ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                DescribeShareGroupOffsetsRequest.class,
                request -> new DescribeShareGroupOffsetsResponse()
                        .setGroups(List.of(new DescribeShareGroupOffsetsResponseGroup()
                                .setGroupId("workers")
                                .setTopics(List.of(topic)))));
    }

    @Test
    void shouldShowTheStartAndTheLagThatTheCoordinatorKnows() throws Exception {
        told(
                new DescribeShareGroupOffsetsResponsePartition()
                        .setPartitionIndex(1)
                        .setStartOffset(-1L)
                        .setLag(-1L),
                new DescribeShareGroupOffsetsResponsePartition()
                        .setPartitionIndex(0)
                        .setStartOffset(10L)
                        .setLag(7L));

        InvocationFake invocation = new InvocationFake("workers");
        assertThat(run("offsets", invocation)).isZero();

        assertThat(new ArrayList<Map<String, ?>>(invocation.rows())).hasSize(2);
        assertThat(invocation.rows().get(0).toString())
                .isEqualTo("{topic=orders, partition=0, offset=10, end=20, lag=7}");
        assertThat(invocation.rows().get(1).toString())
                .isEqualTo("{topic=orders, partition=1, offset=null, end=9, lag=null}");
    }

    private final List<String> altered = new ArrayList<>();

    private void alters(ErrorCode whole, ErrorCode each) {
        broker.answer(ApiKey.ALTER_SHARE_GROUP_OFFSETS, AlterShareGroupOffsetsRequest.class, request -> {
            AlterShareGroupOffsetsResponse response = new AlterShareGroupOffsetsResponse().setErrorCode(whole.code());
            request.topics().forEach(topic -> {
                AlterShareGroupOffsetsResponseTopic answer =
                        new AlterShareGroupOffsetsResponseTopic().setTopicName(topic.topicName());
                topic.partitions().forEach(partition -> {
                    altered.add(partition.partitionIndex() + "@" + partition.startOffset());
                    answer.partitions()
                            .add(new AlterShareGroupOffsetsResponsePartition()
                                    .setPartitionIndex(partition.partitionIndex())
                                    .setErrorCode(each.code()));
                });
                response.responses().add(answer);
            });
            return response;
        });
    }

    @Test
    void shouldMoveTheStart() throws Exception {
        alters(ErrorCode.NONE, ErrorCode.NONE);
        InvocationFake invocation =
                new InvocationFake("workers").with("topic", "orders").with("to", "latest");
        assertThat(run("reset-offsets", invocation)).isZero();
        assertThat(altered).containsExactly("0@20", "1@9");
        assertThat(invocation.rows()).hasSize(2);

        run(
                "reset-offsets",
                new InvocationFake("workers")
                        .with("topic", "orders")
                        .with("partition", "1")
                        .with("to", "3"));
        assertThat(altered).containsExactly("0@20", "1@9", "1@3");
    }

    @Test
    void shouldOnlyTellWhatItWouldDo() throws Exception {
        InvocationFake invocation =
                new InvocationFake("workers").with("topic", "orders").with("dry-run");
        assertThat(run("reset-offsets", invocation)).isZero();
        assertThat(invocation.rows()).hasSize(2);
    }

    @Test
    void shouldNameTheErrorsOfTheCoordinator() {
        InvocationFake invocation = new InvocationFake("workers").with("topic", "orders");
        alters(ErrorCode.NON_EMPTY_GROUP, ErrorCode.NONE);
        assertThatThrownBy(() -> run("reset-offsets", invocation))
                .isInstanceOf(CommandException.class)
                .hasMessage("the offsets of workers were not set: the group has members; stop them first"
                        + " (NON_EMPTY_GROUP)");

        alters(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThatThrownBy(() -> run("reset-offsets", invocation))
                .hasMessage("the offset of orders-0 was not set: UNKNOWN_TOPIC_OR_PARTITION");
    }
}
