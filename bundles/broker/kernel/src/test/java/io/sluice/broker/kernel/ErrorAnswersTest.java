package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import io.sluice.protocol.message.DescribeConfigsRequest;
import io.sluice.protocol.message.DescribeConfigsResponse;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.protocol.message.FindCoordinatorRequest;
import io.sluice.protocol.message.FindCoordinatorResponse;
import io.sluice.protocol.message.InitProducerIdResponse;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.ListOffsetsRequest;
import io.sluice.protocol.message.ListOffsetsResponse;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchResponse;
import io.sluice.protocol.message.ProduceRequest;
import io.sluice.protocol.message.ProduceResponse;
import io.sluice.protocol.message.ShareGroupHeartbeatRequest;
import io.sluice.protocol.message.ShareGroupHeartbeatResponse;
import io.sluice.protocol.message.StreamsGroupHeartbeatRequest;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import io.sluice.protocol.message.SyncGroupResponse;
import io.sluice.storage.kit.Batches;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client of each API gets when its handler stays away: the error that it tries again, at each place of the answer. */
class ErrorAnswersTest {
    private DispatcherFixture broker;

    @BeforeEach
    void begin() throws IOException {
        broker = new DispatcherFixture();
    }

    @AfterEach
    void end() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({
        "PRODUCE, NOT_LEADER_OR_FOLLOWER",
        "FETCH, NOT_LEADER_OR_FOLLOWER",
        "LIST_OFFSETS, NOT_LEADER_OR_FOLLOWER",
        "OFFSET_FOR_LEADER_EPOCH, NOT_LEADER_OR_FOLLOWER",
        "DELETE_RECORDS, NOT_LEADER_OR_FOLLOWER",
        "JOIN_GROUP, NOT_COORDINATOR",
        "SYNC_GROUP, NOT_COORDINATOR",
        "HEARTBEAT, NOT_COORDINATOR",
        "LEAVE_GROUP, NOT_COORDINATOR",
        "OFFSET_COMMIT, NOT_COORDINATOR",
        "OFFSET_FETCH, NOT_COORDINATOR",
        "DESCRIBE_GROUPS, NOT_COORDINATOR",
        "DELETE_GROUPS, NOT_COORDINATOR",
        "CONSUMER_GROUP_HEARTBEAT, NOT_COORDINATOR",
        "SHARE_GROUP_HEARTBEAT, NOT_COORDINATOR",
        "STREAMS_GROUP_HEARTBEAT, NOT_COORDINATOR",
        "FIND_COORDINATOR, COORDINATOR_NOT_AVAILABLE",
        "LIST_GROUPS, COORDINATOR_NOT_AVAILABLE",
        "INIT_PRODUCER_ID, COORDINATOR_LOAD_IN_PROGRESS",
        "LIST_TRANSACTIONS, COORDINATOR_LOAD_IN_PROGRESS",
        "OFFSET_DELETE, NOT_COORDINATOR",
        "TXN_OFFSET_COMMIT, NOT_COORDINATOR",
        "STREAMS_GROUP_DESCRIBE, NOT_COORDINATOR",
        "ALTER_SHARE_GROUP_OFFSETS, NOT_COORDINATOR",
        "WRITE_SHARE_GROUP_STATE, NOT_COORDINATOR",
        "WRITE_TXN_MARKERS, NOT_LEADER_OR_FOLLOWER",
        "SHARE_FETCH, SHARE_SESSION_NOT_FOUND",
        "SHARE_ACKNOWLEDGE, SHARE_SESSION_NOT_FOUND",
        "CREATE_TOPICS, NOT_CONTROLLER",
        "UNREGISTER_BROKER, REQUEST_TIMED_OUT",
        "PUSH_TELEMETRY, THROTTLING_QUOTA_EXCEEDED",
        "METADATA, NETWORK_EXCEPTION",
        "DESCRIBE_CONFIGS, NETWORK_EXCEPTION"
    })
    void shouldKnowTheErrorThatEachApiTriesAgain(ApiKey api, ErrorCode error) {
        assertThat(ErrorAnswers.whileAbsent(api)).isEqualTo(error);
    }

    /** Sends a request to a handler that is away and stays so. */
    private <M extends Message> M answer(ApiKey api, int version, Message request, M into) throws IOException {
        broker.onWorker(api);
        broker.withdraw(api);
        DispatcherFixture.Peer peer = broker.connect();
        peer.send(api, version, 1, request);
        broker.clock.pass(RequestDispatcher.PARKED_MS);
        return peer.answer(api, version, into);
    }

    private <M extends Message> void assertSays(
            ApiKey api, int version, Message request, M into, Function<M, Short> error) throws IOException {
        assertThat(ErrorCode.of(error.apply(answer(api, version, request, into))))
                .as(api.apiName())
                .isEqualTo(ErrorAnswers.whileAbsent(api));
    }

    @Test
    void shouldSayItForEachPartitionOfAProduce() throws IOException {
        ProduceRequest.PartitionProduceData first = new ProduceRequest.PartitionProduceData()
                .setIndex(4)
                .setRecords(new ByteBufferRecords(Batches.of(1L, "a")));
        ProduceRequest asked = new ProduceRequest()
                .setAcks((short) -1)
                .setTopicData(List.of(
                        new ProduceRequest.TopicProduceData().setName("t").setPartitionData(List.of(first))));

        ProduceResponse answer = answer(ApiKey.PRODUCE, 9, asked, new ProduceResponse());

        ProduceResponse.TopicProduceResponse topic = answer.responses().get(0);
        assertThat(topic.name()).isEqualTo("t");
        assertThat(topic.partitionResponses().get(0).index()).isEqualTo(4);
        assertThat(topic.partitionResponses().get(0).baseOffset()).isEqualTo(-1L);
        assertThat(topic.partitionResponses().get(0).errorCode()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
    }

    /** Who asks for no acknowledgement learns of it by the end of its connection. */
    @Test
    void shouldCloseTheConnectionOfAProduceWithoutAcks() throws IOException {
        broker.onIoThread(ApiKey.PRODUCE);
        broker.withdraw(ApiKey.PRODUCE);
        DispatcherFixture.Peer peer = broker.connect();
        peer.send(ApiKey.PRODUCE, 9, 1, new ProduceRequest().setAcks((short) 0));

        broker.clock.pass(RequestDispatcher.PARKED_MS);

        assertThat(peer.isClosed()).isTrue();
    }

    /** Kafka's Admin takes any error for the end of these, and asks again when its connection ends. */
    @Test
    void shouldCloseTheConnectionWhereNoErrorIsTriedAgain() throws IOException {
        broker.onWorker(ApiKey.DESCRIBE_CONFIGS);
        broker.withdraw(ApiKey.DESCRIBE_CONFIGS);
        DispatcherFixture.Peer peer = broker.connect();
        peer.send(ApiKey.DESCRIBE_CONFIGS, 4, 1, ApiKey.DESCRIBE_CONFIGS.newRequest());

        broker.clock.pass(RequestDispatcher.PARKED_MS);

        assertThat(peer.isClosed()).isTrue();
    }

    /** A handler that fails is no reason to ask again. */
    @Test
    void shouldSayThatAHandlerFailed() throws IOException {
        broker.onIoThread(ApiKey.DESCRIBE_CONFIGS).handling(request -> {
            throw new IllegalStateException("broken");
        });
        DescribeConfigsRequest asked = new DescribeConfigsRequest()
                .setResources(List.of(new DescribeConfigsRequest.DescribeConfigsResource().setResourceName("t")));
        DispatcherFixture.Peer peer = broker.connect();

        peer.send(ApiKey.DESCRIBE_CONFIGS, 4, 1, asked);

        DescribeConfigsResponse answer = peer.answer(ApiKey.DESCRIBE_CONFIGS, 4, new DescribeConfigsResponse());
        assertThat(answer.results().get(0).resourceName()).isEqualTo("t");
        assertThat(answer.results().get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR.code());
    }

    @Test
    void shouldSayItForEachPartitionOfListOffsets() throws IOException {
        ListOffsetsRequest asked = new ListOffsetsRequest()
                .setTopics(List.of(new ListOffsetsRequest.ListOffsetsTopic()
                        .setName("t")
                        .setPartitions(List.of(new ListOffsetsRequest.ListOffsetsPartition().setPartitionIndex(2)))));

        ListOffsetsResponse answer = answer(ApiKey.LIST_OFFSETS, 7, asked, new ListOffsetsResponse());

        assertThat(answer.topics().get(0).partitions().get(0).partitionIndex()).isEqualTo(2);
        assertThat(answer.topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
    }

    @Test
    void shouldSayItForEachPartitionOfAnOffsetCommit() throws IOException {
        OffsetCommitRequest asked = new OffsetCommitRequest()
                .setGroupId("g")
                .setTopics(List.of(new OffsetCommitRequest.OffsetCommitRequestTopic()
                        .setName("t")
                        .setPartitions(
                                List.of(new OffsetCommitRequest.OffsetCommitRequestPartition().setPartitionIndex(2)))));

        OffsetCommitResponse answer = answer(ApiKey.OFFSET_COMMIT, 8, asked, new OffsetCommitResponse());

        assertThat(answer.topics().get(0).partitions().get(0).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
    }

    @Test
    void shouldSayItForEachGroupOfAnOffsetFetch() throws IOException {
        OffsetFetchRequest asked = new OffsetFetchRequest()
                .setGroups(List.of(new OffsetFetchRequest.OffsetFetchRequestGroup().setGroupId("g")));

        OffsetFetchResponse answer = answer(ApiKey.OFFSET_FETCH, 8, asked, new OffsetFetchResponse());

        assertThat(answer.groups().get(0).groupId()).isEqualTo("g");
        assertThat(answer.groups().get(0).errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
    }

    @Test
    void shouldSayItForEachPartitionOfTheFirstOffsetFetch() throws IOException {
        OffsetFetchRequest asked = new OffsetFetchRequest()
                .setTopics(List.of(new OffsetFetchRequest.OffsetFetchRequestTopic()
                        .setName("t")
                        .setPartitionIndexes(List.of(3))));

        OffsetFetchResponse answer = answer(ApiKey.OFFSET_FETCH, 1, asked, new OffsetFetchResponse());

        OffsetFetchResponse.OffsetFetchResponsePartition partition =
                answer.topics().get(0).partitions().get(0);
        assertThat(partition.partitionIndex()).isEqualTo(3);
        assertThat(partition.errorCode()).isEqualTo(ErrorCode.NOT_COORDINATOR.code());
    }

    @Test
    void shouldSayItForEachKeyOfFindCoordinator() throws IOException {
        FindCoordinatorRequest asked = new FindCoordinatorRequest().setCoordinatorKeys(List.of("g"));

        FindCoordinatorResponse answer = answer(ApiKey.FIND_COORDINATOR, 4, asked, new FindCoordinatorResponse());

        assertThat(answer.coordinators().get(0).key()).isEqualTo("g");
        assertThat(answer.coordinators().get(0).errorCode()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE.code());
    }

    @Test
    void shouldSayItAtTheTopOfTheOthers() throws IOException {
        assertSays(ApiKey.FETCH, 12, ApiKey.FETCH.newRequest(), new FetchResponse(), FetchResponse::errorCode);
        assertSays(
                ApiKey.JOIN_GROUP,
                7,
                ApiKey.JOIN_GROUP.newRequest(),
                new JoinGroupResponse(),
                JoinGroupResponse::errorCode);
        assertSays(
                ApiKey.SYNC_GROUP,
                5,
                ApiKey.SYNC_GROUP.newRequest(),
                new SyncGroupResponse(),
                SyncGroupResponse::errorCode);
        assertSays(
                ApiKey.LEAVE_GROUP,
                4,
                ApiKey.LEAVE_GROUP.newRequest(),
                new LeaveGroupResponse(),
                LeaveGroupResponse::errorCode);
        assertSays(
                ApiKey.INIT_PRODUCER_ID,
                4,
                ApiKey.INIT_PRODUCER_ID.newRequest(),
                new InitProducerIdResponse(),
                InitProducerIdResponse::errorCode);
    }

    /** The members of these groups keep their connection, on which their commits are too. */
    @Test
    void shouldSayItToMembersOfEveryKindOfGroups() throws IOException {
        assertSays(
                ApiKey.CONSUMER_GROUP_HEARTBEAT,
                1,
                new ConsumerGroupHeartbeatRequest().setGroupId("g"),
                new ConsumerGroupHeartbeatResponse(),
                ConsumerGroupHeartbeatResponse::errorCode);
        assertSays(
                ApiKey.SHARE_GROUP_HEARTBEAT,
                1,
                new ShareGroupHeartbeatRequest().setGroupId("g"),
                new ShareGroupHeartbeatResponse(),
                ShareGroupHeartbeatResponse::errorCode);
        assertSays(
                ApiKey.STREAMS_GROUP_HEARTBEAT,
                0,
                new StreamsGroupHeartbeatRequest().setGroupId("g"),
                new StreamsGroupHeartbeatResponse(),
                StreamsGroupHeartbeatResponse::errorCode);
    }
}
