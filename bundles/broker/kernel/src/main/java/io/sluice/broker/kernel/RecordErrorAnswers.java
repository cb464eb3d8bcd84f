package io.sluice.broker.kernel;

import static io.sluice.broker.kernel.ErrorAnswers.each;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DeleteRecordsRequest;
import io.sluice.protocol.message.DeleteRecordsResponse;
import io.sluice.protocol.message.DescribeProducersRequest;
import io.sluice.protocol.message.DescribeProducersResponse;
import io.sluice.protocol.message.FetchResponse;
import io.sluice.protocol.message.ListOffsetsRequest;
import io.sluice.protocol.message.ListOffsetsResponse;
import io.sluice.protocol.message.OffsetForLeaderEpochRequest;
import io.sluice.protocol.message.OffsetForLeaderEpochResponse;
import io.sluice.protocol.message.ProduceRequest;
import io.sluice.protocol.message.ProduceResponse;
import org.jspecify.annotations.Nullable;

/** The errors of APIs that the leader of a partition answers: who gets one asks for the leader anew. */
final class RecordErrorAnswers {
    private static final long UNKNOWN_OFFSET = -1L;

    private RecordErrorAnswers() {}

    static void addTo(ErrorAnswers all) {
        ErrorCode error = ErrorCode.NOT_LEADER_OR_FOLLOWER;
        all.put(ApiKey.PRODUCE, error, (request, code) -> produce(request.read(new ProduceRequest()), code));
        all.put(ApiKey.FETCH, error, (request, code) -> new FetchResponse()
                .setErrorCode(request.version() >= 7 ? code : 0));
        all.put(
                ApiKey.LIST_OFFSETS,
                error,
                (request, code) -> listOffsets(request.read(new ListOffsetsRequest()), code));
        all.put(
                ApiKey.OFFSET_FOR_LEADER_EPOCH,
                error,
                (request, code) -> leaderEpochs(request.read(new OffsetForLeaderEpochRequest()), code));
        all.put(
                ApiKey.DELETE_RECORDS,
                error,
                (request, code) -> deleteRecords(request.read(new DeleteRecordsRequest()), code));
        all.put(
                ApiKey.DESCRIBE_PRODUCERS,
                error,
                (request, code) -> describeProducers(request.read(new DescribeProducersRequest()), code));
    }

    private static @Nullable ProduceResponse produce(ProduceRequest asked, short code) {
        if (asked.acks() == 0) {
            return null;
        }
        return new ProduceResponse()
                .setResponses(each(asked.topicData(), topic -> new ProduceResponse.TopicProduceResponse()
                        .setName(topic.name())
                        .setTopicId(topic.topicId())
                        .setPartitionResponses(
                                each(topic.partitionData(), partition -> new ProduceResponse.PartitionProduceResponse()
                                        .setIndex(partition.index())
                                        .setErrorCode(code)
                                        .setBaseOffset(UNKNOWN_OFFSET)))));
    }

    private static ListOffsetsResponse listOffsets(ListOffsetsRequest asked, short code) {
        return new ListOffsetsResponse()
                .setTopics(each(asked.topics(), topic -> new ListOffsetsResponse.ListOffsetsTopicResponse()
                        .setName(topic.name())
                        .setPartitions(each(
                                topic.partitions(), partition -> new ListOffsetsResponse.ListOffsetsPartitionResponse()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setErrorCode(code)))));
    }

    private static OffsetForLeaderEpochResponse leaderEpochs(OffsetForLeaderEpochRequest asked, short code) {
        return new OffsetForLeaderEpochResponse()
                .setTopics(each(asked.topics(), topic -> new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult()
                        .setTopic(topic.topic())
                        .setPartitions(
                                each(topic.partitions(), partition -> new OffsetForLeaderEpochResponse.EpochEndOffset()
                                        .setPartition(partition.partition())
                                        .setErrorCode(code)))));
    }

    private static DeleteRecordsResponse deleteRecords(DeleteRecordsRequest asked, short code) {
        return new DeleteRecordsResponse()
                .setTopics(each(asked.topics(), topic -> new DeleteRecordsResponse.DeleteRecordsTopicResult()
                        .setName(topic.name())
                        .setPartitions(each(
                                topic.partitions(),
                                partition -> new DeleteRecordsResponse.DeleteRecordsPartitionResult()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setLowWatermark(UNKNOWN_OFFSET)
                                        .setErrorCode(code)))));
    }

    private static DescribeProducersResponse describeProducers(DescribeProducersRequest asked, short code) {
        return new DescribeProducersResponse()
                .setTopics(each(asked.topics(), topic -> new DescribeProducersResponse.TopicResponse()
                        .setName(topic.name())
                        .setPartitions(each(
                                topic.partitionIndexes(), index -> new DescribeProducersResponse.PartitionResponse()
                                        .setPartitionIndex(index)
                                        .setErrorCode(code)))));
    }
}
