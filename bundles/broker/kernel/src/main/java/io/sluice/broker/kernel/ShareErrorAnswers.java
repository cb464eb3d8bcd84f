package io.sluice.broker.kernel;

import static io.sluice.broker.kernel.ErrorAnswers.each;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterShareGroupOffsetsResponse;
import io.sluice.protocol.message.DeleteShareGroupOffsetsResponse;
import io.sluice.protocol.message.DeleteShareGroupStateRequest;
import io.sluice.protocol.message.DeleteShareGroupStateResponse;
import io.sluice.protocol.message.DescribeShareGroupOffsetsRequest;
import io.sluice.protocol.message.DescribeShareGroupOffsetsResponse;
import io.sluice.protocol.message.InitializeShareGroupStateRequest;
import io.sluice.protocol.message.InitializeShareGroupStateResponse;
import io.sluice.protocol.message.ReadShareGroupStateRequest;
import io.sluice.protocol.message.ReadShareGroupStateResponse;
import io.sluice.protocol.message.ReadShareGroupStateSummaryRequest;
import io.sluice.protocol.message.ReadShareGroupStateSummaryResponse;
import io.sluice.protocol.message.ShareAcknowledgeResponse;
import io.sluice.protocol.message.ShareFetchResponse;
import io.sluice.protocol.message.ShareGroupDescribeRequest;
import io.sluice.protocol.message.ShareGroupDescribeResponse;
import io.sluice.protocol.message.ShareGroupHeartbeatResponse;
import io.sluice.protocol.message.WriteShareGroupStateRequest;
import io.sluice.protocol.message.WriteShareGroupStateResponse;

/** The errors of share groups (KIP-932): of their coordinators, of their state, and of those who give out records. */
final class ShareErrorAnswers {
    private ShareErrorAnswers() {}

    static void addTo(ErrorAnswers all) {
        addGroups(all);
        addStates(all);
        // After any other error a client goes on to its session's next epoch, as if the request had been carried out.
        ErrorCode error = ErrorCode.SHARE_SESSION_NOT_FOUND;
        all.put(ApiKey.SHARE_FETCH, error, (request, code) -> new ShareFetchResponse().setErrorCode(code));
        all.put(ApiKey.SHARE_ACKNOWLEDGE, error, (request, code) -> new ShareAcknowledgeResponse().setErrorCode(code));
    }

    private static void addGroups(ErrorAnswers all) {
        ErrorCode error = ErrorCode.NOT_COORDINATOR;
        all.put(ApiKey.SHARE_GROUP_HEARTBEAT, error, (request, code) -> new ShareGroupHeartbeatResponse()
                .setErrorCode(code));
        all.put(
                ApiKey.SHARE_GROUP_DESCRIBE,
                error,
                (request, code) -> describe(request.read(new ShareGroupDescribeRequest()), code));
        all.put(
                ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                error,
                (request, code) -> offsets(request.read(new DescribeShareGroupOffsetsRequest()), code));
        all.put(ApiKey.ALTER_SHARE_GROUP_OFFSETS, error, (request, code) -> new AlterShareGroupOffsetsResponse()
                .setErrorCode(code));
        all.put(ApiKey.DELETE_SHARE_GROUP_OFFSETS, error, (request, code) -> new DeleteShareGroupOffsetsResponse()
                .setErrorCode(code));
    }

    private static void addStates(ErrorAnswers all) {
        ErrorCode error = ErrorCode.NOT_COORDINATOR;
        all.put(
                ApiKey.INITIALIZE_SHARE_GROUP_STATE,
                error,
                (request, code) -> initialize(request.read(new InitializeShareGroupStateRequest()), code));
        all.put(
                ApiKey.READ_SHARE_GROUP_STATE,
                error,
                (request, code) -> read(request.read(new ReadShareGroupStateRequest()), code));
        all.put(
                ApiKey.READ_SHARE_GROUP_STATE_SUMMARY,
                error,
                (request, code) -> summarize(request.read(new ReadShareGroupStateSummaryRequest()), code));
        all.put(
                ApiKey.WRITE_SHARE_GROUP_STATE,
                error,
                (request, code) -> write(request.read(new WriteShareGroupStateRequest()), code));
        all.put(
                ApiKey.DELETE_SHARE_GROUP_STATE,
                error,
                (request, code) -> delete(request.read(new DeleteShareGroupStateRequest()), code));
    }

    private static ShareGroupDescribeResponse describe(ShareGroupDescribeRequest asked, short code) {
        return new ShareGroupDescribeResponse()
                .setGroups(each(asked.groupIds(), id -> new ShareGroupDescribeResponse.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(code)));
    }

    private static DescribeShareGroupOffsetsResponse offsets(DescribeShareGroupOffsetsRequest asked, short code) {
        return new DescribeShareGroupOffsetsResponse()
                .setGroups(each(
                        asked.groups(),
                        group -> new DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup()
                                .setGroupId(group.groupId())
                                .setErrorCode(code)));
    }

    private static InitializeShareGroupStateResponse initialize(InitializeShareGroupStateRequest asked, short code) {
        return new InitializeShareGroupStateResponse()
                .setResults(each(asked.topics(), topic -> new InitializeShareGroupStateResponse.InitializeStateResult()
                        .setTopicId(topic.topicId())
                        .setPartitions(each(
                                topic.partitions(), partition -> new InitializeShareGroupStateResponse.PartitionResult()
                                        .setPartition(partition.partition())
                                        .setErrorCode(code)))));
    }

    private static ReadShareGroupStateResponse read(ReadShareGroupStateRequest asked, short code) {
        return new ReadShareGroupStateResponse()
                .setResults(each(asked.topics(), topic -> new ReadShareGroupStateResponse.ReadStateResult()
                        .setTopicId(topic.topicId())
                        .setPartitions(
                                each(topic.partitions(), partition -> new ReadShareGroupStateResponse.PartitionResult()
                                        .setPartition(partition.partition())
                                        .setErrorCode(code)))));
    }

    private static ReadShareGroupStateSummaryResponse summarize(ReadShareGroupStateSummaryRequest asked, short code) {
        return new ReadShareGroupStateSummaryResponse()
                .setResults(
                        each(asked.topics(), topic -> new ReadShareGroupStateSummaryResponse.ReadStateSummaryResult()
                                .setTopicId(topic.topicId())
                                .setPartitions(each(
                                        topic.partitions(),
                                        partition -> new ReadShareGroupStateSummaryResponse.PartitionResult()
                                                .setPartition(partition.partition())
                                                .setErrorCode(code)))));
    }

    private static WriteShareGroupStateResponse write(WriteShareGroupStateRequest asked, short code) {
        return new WriteShareGroupStateResponse()
                .setResults(each(asked.topics(), topic -> new WriteShareGroupStateResponse.WriteStateResult()
                        .setTopicId(topic.topicId())
                        .setPartitions(
                                each(topic.partitions(), partition -> new WriteShareGroupStateResponse.PartitionResult()
                                        .setPartition(partition.partition())
                                        .setErrorCode(code)))));
    }

    private static DeleteShareGroupStateResponse delete(DeleteShareGroupStateRequest asked, short code) {
        return new DeleteShareGroupStateResponse()
                .setResults(each(asked.topics(), topic -> new DeleteShareGroupStateResponse.DeleteStateResult()
                        .setTopicId(topic.topicId())
                        .setPartitions(each(
                                topic.partitions(), partition -> new DeleteShareGroupStateResponse.PartitionResult()
                                        .setPartition(partition.partition())
                                        .setErrorCode(code)))));
    }
}
