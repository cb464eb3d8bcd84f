package io.sluice.coordinator.txn.state;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.DescribeTransactionsResponse.TopicData;
import io.sluice.protocol.message.ListTransactionsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** DescribeTransactions and ListTransactions. */
final class TransactionListing {
    private final TransactionTable table;

    TransactionListing(TransactionTable table) {
        this.table = table;
    }

    DescribeTransactionsResponse.TransactionState describe(String transactionalId) {
        DescribeTransactionsResponse.TransactionState described =
                new DescribeTransactionsResponse.TransactionState().setTransactionalId(transactionalId);
        Transaction transaction = table.find(transactionalId);
        if (transaction == null) {
            return described.setErrorCode(ErrorCode.TRANSACTIONAL_ID_NOT_FOUND.code());
        }
        Map<String, TopicData> topics = new TreeMap<>();
        for (TopicPartition partition :
                transaction.openPartitions().stream().sorted().toList()) {
            topics.computeIfAbsent(
                            partition.topic(),
                            name -> new TopicData().setTopic(name).setPartitions(new ArrayList<>()))
                    .partitions()
                    .add(partition.partition());
        }
        TransactionMetadata now = transaction.metadata();
        return described
                .setTransactionState(now.state().label())
                .setTransactionTimeoutMs(now.timeoutMs())
                .setTransactionStartTimeMs(now.startMs())
                .setProducerId(now.producer().id())
                .setProducerEpoch(now.producer().epoch())
                .setTopics(List.copyOf(topics.values()));
    }

    List<ListTransactionsResponse.TransactionState> list(ListFilter filter, long nowMs) {
        List<ListTransactionsResponse.TransactionState> listed = new ArrayList<>();
        for (Transaction transaction : table.all()) {
            if (filter.admits(transaction, nowMs)) {
                listed.add(new ListTransactionsResponse.TransactionState()
                        .setTransactionalId(transaction.id())
                        .setProducerId(transaction.producer().id())
                        .setTransactionState(transaction.state().label()));
            }
        }
        return listed;
    }
}
