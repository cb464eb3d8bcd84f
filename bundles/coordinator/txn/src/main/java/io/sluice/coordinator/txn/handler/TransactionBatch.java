package io.sluice.coordinator.txn.handler;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.txn.TransactionCoordinator;
import io.sluice.coordinator.txn.state.ProducerClaim;
import io.sluice.coordinator.txn.state.TransactionMetadata;
import io.sluice.protocol.message.AddPartitionsToTxnRequest;
import io.sluice.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.sluice.protocol.message.AddPartitionsToTxnResponse;
import io.sluice.protocol.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.sluice.protocol.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.sluice.protocol.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The transactions that another broker asks for in one request: each is added to or verified by itself. */
final class TransactionBatch {
    private final TransactionCoordinator transactions;
    private final List<AddPartitionsToTxnTransaction> asked;
    private final Gathering<AddPartitionsToTxnResult> gathering;

    TransactionBatch(TransactionCoordinator transactions, Request request, AddPartitionsToTxnRequest add) {
        this.transactions = transactions;
        this.asked = add.transactions();
        this.gathering = new Gathering<>(
                asked.size(),
                results -> request.respond(new AddPartitionsToTxnResponse().setResultsByTransaction(results)));
    }

    void submit() {
        for (int i = 0; i < asked.size(); i++) {
            submit(i, asked.get(i));
        }
    }

    private void submit(int part, AddPartitionsToTxnTransaction one) {
        String id = one.transactionalId();
        List<TopicPartition> partitions = AddPartitionsToTxnHandler.partitionsOf(one.topics());
        ProducerClaim producer = new ProducerClaim(id, one.producerId(), one.producerEpoch());
        Reply<List<ErrorCode>> reply =
                gathering.part(part, errors -> result(id, partitions, errors), error -> result(id, partitions, error));
        if (id.isEmpty()) {
            reply.refuse(ErrorCode.INVALID_REQUEST);
        } else if (one.verifyOnly()) {
            transactions.submit(id, reply, (shard, turn) -> shard.verify(turn, producer, partitions, reply));
        } else {
            Reply<ErrorCode> all = gathering.part(
                    part, error -> result(id, partitions, error), error -> result(id, partitions, error));
            transactions.submit(
                    id,
                    all,
                    (shard, turn) -> shard.add(turn, producer, partitions, TransactionMetadata.BUMPS_EPOCH, all));
        }
    }

    private static AddPartitionsToTxnResult result(String id, List<TopicPartition> partitions, ErrorCode error) {
        return result(id, partitions, Collections.nCopies(partitions.size(), error));
    }

    private static AddPartitionsToTxnResult result(String id, List<TopicPartition> partitions, List<ErrorCode> errors) {
        Map<TopicPartition, ErrorCode> outcomes = new LinkedHashMap<>();
        for (int i = 0; i < partitions.size(); i++) {
            outcomes.put(partitions.get(i), errors.get(i));
        }
        return new AddPartitionsToTxnResult().setTransactionalId(id).setTopicResults(results(outcomes));
    }

    static List<AddPartitionsToTxnTopicResult> results(Map<TopicPartition, ErrorCode> outcomes) {
        Map<String, AddPartitionsToTxnTopicResult> topics = new LinkedHashMap<>();
        outcomes.forEach((partition, error) -> topics.computeIfAbsent(
                        partition.topic(), name -> new AddPartitionsToTxnTopicResult()
                                .setName(name)
                                .setResultsByPartition(new ArrayList<>()))
                .resultsByPartition()
                .add(new AddPartitionsToTxnPartitionResult()
                        .setPartitionIndex(partition.partition())
                        .setPartitionErrorCode(error.code())));
        return new ArrayList<>(topics.values());
    }
}
