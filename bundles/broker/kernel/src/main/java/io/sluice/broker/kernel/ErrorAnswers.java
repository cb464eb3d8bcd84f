package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.AddOffsetsToTxnResponse;
import io.sluice.protocol.message.AddPartitionsToTxnRequest;
import io.sluice.protocol.message.AddPartitionsToTxnResponse;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import io.sluice.protocol.message.DescribeTransactionsRequest;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.EndTxnResponse;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.protocol.message.FindCoordinatorRequest;
import io.sluice.protocol.message.FindCoordinatorResponse;
import io.sluice.protocol.message.HeartbeatResponse;
import io.sluice.protocol.message.InitProducerIdResponse;
import io.sluice.protocol.message.JoinGroupResponse;
import io.sluice.protocol.message.LeaveGroupResponse;
import io.sluice.protocol.message.ListGroupsResponse;
import io.sluice.protocol.message.ListOffsetsRequest;
import io.sluice.protocol.message.ListOffsetsResponse;
import io.sluice.protocol.message.ListTransactionsResponse;
import io.sluice.protocol.message.OffsetCommitRequest;
import io.sluice.protocol.message.OffsetCommitResponse;
import io.sluice.protocol.message.OffsetFetchRequest;
import io.sluice.protocol.message.OffsetFetchResponse;
import io.sluice.protocol.message.ProduceRequest;
import io.sluice.protocol.message.ProduceResponse;
import io.sluice.protocol.message.ShareGroupHeartbeatResponse;
import io.sluice.protocol.message.StreamsGroupHeartbeatResponse;
import io.sluice.protocol.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers that the kernel gives in place of a handler: one that is being replaced for too long, or that failed. For
 * each API the error that its clients try again; where an API has no such error the connection is closed, which clients
 * take as a reason to try again, too.
 */
final class ErrorAnswers {
    private ErrorAnswers() {}

    /** The error that makes a client of this API look again, here or elsewhere. */
    static ErrorCode whileAbsent(ApiKey api) {
        switch (api) {
            case PRODUCE:
            case FETCH:
            case LIST_OFFSETS:
            case OFFSET_FOR_LEADER_EPOCH:
            case DELETE_RECORDS:
                return ErrorCode.NOT_LEADER_OR_FOLLOWER;
            case JOIN_GROUP:
            case SYNC_GROUP:
            case HEARTBEAT:
            case LEAVE_GROUP:
            case OFFSET_COMMIT:
            case OFFSET_FETCH:
            case DESCRIBE_GROUPS:
            case DELETE_GROUPS:
            case ADD_PARTITIONS_TO_TXN:
            case ADD_OFFSETS_TO_TXN:
            case END_TXN:
            case DESCRIBE_TRANSACTIONS:
            case CONSUMER_GROUP_HEARTBEAT:
            case SHARE_GROUP_HEARTBEAT:
            case STREAMS_GROUP_HEARTBEAT:
                return ErrorCode.NOT_COORDINATOR;
            case FIND_COORDINATOR:
            case LIST_GROUPS:
            case INIT_PRODUCER_ID:
            case LIST_TRANSACTIONS:
                return ErrorCode.COORDINATOR_NOT_AVAILABLE;
            default:
                return ErrorCode.NETWORK_EXCEPTION;
        }
    }

    /** An answer with this error; null for an API whose answers have no place for it. */
    static @Nullable Message of(KernelRequest request, ErrorCode error) {
        switch (request.api()) {
            case PRODUCE:
                return produce(request.read(new ProduceRequest()), error);
            case FETCH:
                return new FetchResponse().setErrorCode(request.version() >= 7 ? error.code() : 0);
            case LIST_OFFSETS:
                return listOffsets(request.read(new ListOffsetsRequest()), error);
            case FIND_COORDINATOR:
                return findCoordinator(request.read(new FindCoordinatorRequest()), request.version(), error);
            case JOIN_GROUP:
                return new JoinGroupResponse().setErrorCode(error.code());
            case SYNC_GROUP:
                return new SyncGroupResponse().setErrorCode(error.code());
            case HEARTBEAT:
                return new HeartbeatResponse().setErrorCode(error.code());
            case CONSUMER_GROUP_HEARTBEAT:
                return new ConsumerGroupHeartbeatResponse().setErrorCode(error.code());
            case SHARE_GROUP_HEARTBEAT:
                return new ShareGroupHeartbeatResponse().setErrorCode(error.code());
            case STREAMS_GROUP_HEARTBEAT:
                return new StreamsGroupHeartbeatResponse().setErrorCode(error.code());
            case LEAVE_GROUP:
                return new LeaveGroupResponse().setErrorCode(error.code());
            case LIST_GROUPS:
                return new ListGroupsResponse().setErrorCode(error.code());
            case INIT_PRODUCER_ID:
                return new InitProducerIdResponse().setErrorCode(error.code());
            case ADD_PARTITIONS_TO_TXN:
                return addPartitions(request.read(new AddPartitionsToTxnRequest()), request.version(), error);
            case ADD_OFFSETS_TO_TXN:
                return new AddOffsetsToTxnResponse().setErrorCode(error.code());
            case END_TXN:
                return new EndTxnResponse().setErrorCode(error.code());
            case DESCRIBE_TRANSACTIONS:
                return describeTransactions(request.read(new DescribeTransactionsRequest()), error);
            case LIST_TRANSACTIONS:
                return new ListTransactionsResponse().setErrorCode(error.code());
            case OFFSET_COMMIT:
                return offsetCommit(request.read(new OffsetCommitRequest()), error);
            case OFFSET_FETCH:
                return offsetFetch(request.read(new OffsetFetchRequest()), request.version(), error);
            default:
                return null;
        }
    }

    private static @Nullable ProduceResponse produce(ProduceRequest asked, ErrorCode error) {
        if (asked.acks() == 0) {
            return null;
        }
        List<ProduceResponse.TopicProduceResponse> topics = new ArrayList<>();
        for (ProduceRequest.TopicProduceData topic : asked.topicData()) {
            List<ProduceResponse.PartitionProduceResponse> partitions = new ArrayList<>();
            for (ProduceRequest.PartitionProduceData partition : topic.partitionData()) {
                partitions.add(new ProduceResponse.PartitionProduceResponse()
                        .setIndex(partition.index())
                        .setErrorCode(error.code())
                        .setBaseOffset(-1L));
            }
            topics.add(new ProduceResponse.TopicProduceResponse()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitionResponses(partitions));
        }
        return new ProduceResponse().setResponses(topics);
    }

    private static ListOffsetsResponse listOffsets(ListOffsetsRequest asked, ErrorCode error) {
        List<ListOffsetsResponse.ListOffsetsTopicResponse> topics = new ArrayList<>();
        for (ListOffsetsRequest.ListOffsetsTopic topic : asked.topics()) {
            List<ListOffsetsResponse.ListOffsetsPartitionResponse> partitions = new ArrayList<>();
            for (ListOffsetsRequest.ListOffsetsPartition partition : topic.partitions()) {
                partitions.add(new ListOffsetsResponse.ListOffsetsPartitionResponse()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(error.code()));
            }
            topics.add(new ListOffsetsResponse.ListOffsetsTopicResponse()
                    .setName(topic.name())
                    .setPartitions(partitions));
        }
        return new ListOffsetsResponse().setTopics(topics);
    }

    private static FindCoordinatorResponse findCoordinator(
            FindCoordinatorRequest asked, short version, ErrorCode error) {
        if (version < 4) {
            return new FindCoordinatorResponse()
                    .setErrorCode(error.code())
                    .setNodeId(-1)
                    .setPort(-1);
        }
        List<FindCoordinatorResponse.Coordinator> all = new ArrayList<>();
        for (String key : asked.coordinatorKeys()) {
            all.add(new FindCoordinatorResponse.Coordinator()
                    .setKey(key)
                    .setErrorCode(error.code())
                    .setNodeId(-1)
                    .setPort(-1));
        }
        return new FindCoordinatorResponse().setCoordinators(all);
    }

    private static AddPartitionsToTxnResponse addPartitions(
            AddPartitionsToTxnRequest asked, short version, ErrorCode error) {
        if (version >= 4) {
            return new AddPartitionsToTxnResponse().setErrorCode(error.code());
        }
        List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult> topics = new ArrayList<>();
        for (AddPartitionsToTxnRequest.AddPartitionsToTxnTopic topic : asked.v3AndBelowTopics()) {
            List<AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult> partitions = new ArrayList<>();
            for (int partition : topic.partitions()) {
                partitions.add(new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult()
                        .setPartitionIndex(partition)
                        .setPartitionErrorCode(error.code()));
            }
            topics.add(new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult()
                    .setName(topic.name())
                    .setResultsByPartition(partitions));
        }
        return new AddPartitionsToTxnResponse().setResultsByTopicV3AndBelow(topics);
    }

    private static DescribeTransactionsResponse describeTransactions(
            DescribeTransactionsRequest asked, ErrorCode error) {
        List<DescribeTransactionsResponse.TransactionState> states = new ArrayList<>();
        for (String id : asked.transactionalIds()) {
            states.add(new DescribeTransactionsResponse.TransactionState()
                    .setTransactionalId(id)
                    .setErrorCode(error.code()));
        }
        return new DescribeTransactionsResponse().setTransactionStates(states);
    }

    private static OffsetCommitResponse offsetCommit(OffsetCommitRequest asked, ErrorCode error) {
        List<OffsetCommitResponse.OffsetCommitResponseTopic> topics = new ArrayList<>();
        for (OffsetCommitRequest.OffsetCommitRequestTopic topic : asked.topics()) {
            List<OffsetCommitResponse.OffsetCommitResponsePartition> partitions = new ArrayList<>();
            for (OffsetCommitRequest.OffsetCommitRequestPartition partition : topic.partitions()) {
                partitions.add(new OffsetCommitResponse.OffsetCommitResponsePartition()
                        .setPartitionIndex(partition.partitionIndex())
                        .setErrorCode(error.code()));
            }
            topics.add(new OffsetCommitResponse.OffsetCommitResponseTopic()
                    .setName(topic.name())
                    .setTopicId(topic.topicId())
                    .setPartitions(partitions));
        }
        return new OffsetCommitResponse().setTopics(topics);
    }

    private static OffsetFetchResponse offsetFetch(OffsetFetchRequest asked, short version, ErrorCode error) {
        if (version < 8) {
            return new OffsetFetchResponse().setErrorCode(version >= 2 ? error.code() : 0);
        }
        List<OffsetFetchResponse.OffsetFetchResponseGroup> groups = new ArrayList<>();
        for (OffsetFetchRequest.OffsetFetchRequestGroup group : asked.groups()) {
            groups.add(new OffsetFetchResponse.OffsetFetchResponseGroup()
                    .setGroupId(group.groupId())
                    .setErrorCode(error.code()));
        }
        return new OffsetFetchResponse().setGroups(groups);
    }
}
