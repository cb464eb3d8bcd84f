package io.sluice.coordinator.txn.handler;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.TopicNames;
import io.sluice.coordinator.txn.TransactionCoordinator;
import io.sluice.coordinator.txn.state.ProducerClaim;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.AddPartitionsToTxnRequest;
import io.sluice.protocol.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.sluice.protocol.message.AddPartitionsToTxnResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * AddPartitionsToTxn (API 24): up to version 3 of a client for its transaction, which gets all of its partitions or none; from version 4 on of another
 * broker, for many transactions at once (see {@link TransactionBatch}).
 */
@Component(service = ApiHandler.class)
public final class AddPartitionsToTxnHandler implements ApiHandler {
    private static final short FIRST_VERSION_OF_BROKERS = 4;

    private final TransactionCoordinator transactions;

    @Activate
    public AddPartitionsToTxnHandler(@Reference TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKey api() {
        return ApiKey.ADD_PARTITIONS_TO_TXN;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        AddPartitionsToTxnRequest add = request.read(new AddPartitionsToTxnRequest());
        if (request.version() < FIRST_VERSION_OF_BROKERS) {
            addForClient(request, add);
        } else if (request.mayDo(Operation.CLUSTER_ACTION, Resource.CLUSTER)) {
            new TransactionBatch(transactions, request, add).submit();
        } else {
            request.respond(
                    new AddPartitionsToTxnResponse().setErrorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
        }
    }

    private void addForClient(Request request, AddPartitionsToTxnRequest add) {
        String id = add.v3AndBelowTransactionalId();
        List<TopicPartition> partitions = partitionsOf(add.v3AndBelowTopics());
        short version = request.version();
        Answer<ErrorCode> reply = new Answer<>(
                request, error -> response(partitions, error, version), error -> response(partitions, error, version));
        if (!request.mayDo(Operation.WRITE, Resource.transactionalId(id))) {
            reply.refuse(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
            return;
        }
        Map<TopicPartition, ErrorCode> outcomes = new LinkedHashMap<>();
        boolean refused = false;
        for (TopicPartition partition : partitions) {
            ErrorCode error = refusal(request, partition);
            refused |= error != ErrorCode.NONE;
            outcomes.put(partition, error);
        }
        if (refused) {
            outcomes.replaceAll(
                    (partition, error) -> error == ErrorCode.NONE ? ErrorCode.OPERATION_NOT_ATTEMPTED : error);
            request.respond(
                    new AddPartitionsToTxnResponse().setResultsByTopicV3AndBelow(TransactionBatch.results(outcomes)));
        } else if (id.isEmpty()) {
            reply.refuse(ErrorCode.INVALID_REQUEST);
        } else {
            ProducerClaim producer = new ProducerClaim(id, add.v3AndBelowProducerId(), add.v3AndBelowProducerEpoch());
            transactions.submit(id, reply, (shard, turn) -> shard.add(turn, producer, partitions, (short) 0, reply));
        }
    }

    private ErrorCode refusal(Request request, TopicPartition partition) {
        String topic = partition.topic();
        if (TopicNames.isInternal(topic) || !request.mayDo(Operation.WRITE, Resource.topic(topic))) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return transactions.image().partition(partition) == null
                ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                : ErrorCode.NONE;
    }

    static List<TopicPartition> partitionsOf(List<AddPartitionsToTxnTopic> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (AddPartitionsToTxnTopic topic : topics) {
            for (int partition : topic.partitions()) {
                partitions.add(new TopicPartition(topic.name(), partition));
            }
        }
        return partitions;
    }

    private static Message response(List<TopicPartition> partitions, ErrorCode error, short version) {
        Map<TopicPartition, ErrorCode> outcomes = new LinkedHashMap<>();
        partitions.forEach(partition -> outcomes.put(partition, Answer.known(error, version)));
        return new AddPartitionsToTxnResponse().setResultsByTopicV3AndBelow(TransactionBatch.results(outcomes));
    }
}
