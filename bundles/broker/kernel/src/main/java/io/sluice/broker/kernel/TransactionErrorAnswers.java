package io.sluice.broker.kernel;

import static io.sluice.broker.kernel.ErrorAnswers.each;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AddOffsetsToTxnResponse;
import io.sluice.protocol.message.AddPartitionsToTxnRequest;
import io.sluice.protocol.message.AddPartitionsToTxnResponse;
import io.sluice.protocol.message.DescribeTransactionsRequest;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.EndTxnResponse;
import io.sluice.protocol.message.InitProducerIdResponse;
import io.sluice.protocol.message.ListTransactionsResponse;
import io.sluice.protocol.message.TxnOffsetCommitRequest;
import io.sluice.protocol.message.TxnOffsetCommitResponse;
import io.sluice.protocol.message.WriteTxnMarkersRequest;
import io.sluice.protocol.message.WriteTxnMarkersResponse;

/** The errors of the coordinators of transactions, and of those who write their markers. */
final class TransactionErrorAnswers {
    private TransactionErrorAnswers() {}

    static void addTo(ErrorAnswers all) {
        ErrorCode error = ErrorCode.NOT_COORDINATOR;
        all.put(
                ApiKey.ADD_PARTITIONS_TO_TXN,
                error,
                (request, code) ->
                        addPartitions(request.read(new AddPartitionsToTxnRequest()), request.version(), code));
        all.put(ApiKey.ADD_OFFSETS_TO_TXN, error, (request, code) -> new AddOffsetsToTxnResponse().setErrorCode(code));
        all.put(ApiKey.END_TXN, error, (request, code) -> new EndTxnResponse().setErrorCode(code));
        all.put(
                ApiKey.TXN_OFFSET_COMMIT,
                error,
                (request, code) -> commit(request.read(new TxnOffsetCommitRequest()), code));
        all.put(
                ApiKey.DESCRIBE_TRANSACTIONS,
                error,
                (request, code) -> describe(request.read(new DescribeTransactionsRequest()), code));
        // Producers without a transactional id have no coordinator to look for; lists are asked for again after this
        // only.
        ErrorCode noCoordinator = ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
        all.put(ApiKey.INIT_PRODUCER_ID, noCoordinator, (request, code) -> new InitProducerIdResponse()
                .setErrorCode(code));
        all.put(ApiKey.LIST_TRANSACTIONS, noCoordinator, (request, code) -> new ListTransactionsResponse()
                .setErrorCode(code));
        all.put(
                ApiKey.WRITE_TXN_MARKERS,
                ErrorCode.NOT_LEADER_OR_FOLLOWER,
                (request, code) -> markers(request.read(new WriteTxnMarkersRequest()), code));
    }

    private static AddPartitionsToTxnResponse addPartitions(
            AddPartitionsToTxnRequest asked, short version, short code) {
        if (version >= 4) {
            return new AddPartitionsToTxnResponse().setErrorCode(code);
        }
        return new AddPartitionsToTxnResponse()
                .setResultsByTopicV3AndBelow(each(
                        asked.v3AndBelowTopics(),
                        topic -> new AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult()
                                .setName(topic.name())
                                .setResultsByPartition(each(
                                        topic.partitions(),
                                        partition -> new AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult()
                                                .setPartitionIndex(partition)
                                                .setPartitionErrorCode(code)))));
    }

    private static TxnOffsetCommitResponse commit(TxnOffsetCommitRequest asked, short code) {
        return new TxnOffsetCommitResponse()
                .setTopics(each(asked.topics(), topic -> new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic()
                        .setName(topic.name())
                        .setTopicId(topic.topicId())
                        .setPartitions(each(
                                topic.partitions(),
                                partition -> new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setErrorCode(code)))));
    }

    private static DescribeTransactionsResponse describe(DescribeTransactionsRequest asked, short code) {
        return new DescribeTransactionsResponse()
                .setTransactionStates(
                        each(asked.transactionalIds(), id -> new DescribeTransactionsResponse.TransactionState()
                                .setTransactionalId(id)
                                .setErrorCode(code)));
    }

    private static WriteTxnMarkersResponse markers(WriteTxnMarkersRequest asked, short code) {
        return new WriteTxnMarkersResponse()
                .setMarkers(each(asked.markers(), marker -> new WriteTxnMarkersResponse.WritableTxnMarkerResult()
                        .setProducerId(marker.producerId())
                        .setTopics(each(marker.topics(), topic -> topic(topic, code)))));
    }

    private static WriteTxnMarkersResponse.WritableTxnMarkerTopicResult topic(
            WriteTxnMarkersRequest.WritableTxnMarkerTopic asked, short code) {
        return new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult()
                .setName(asked.name())
                .setPartitions(each(
                        asked.partitionIndexes(),
                        partition -> new WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult()
                                .setPartitionIndex(partition)
                                .setErrorCode(code)));
    }
}
