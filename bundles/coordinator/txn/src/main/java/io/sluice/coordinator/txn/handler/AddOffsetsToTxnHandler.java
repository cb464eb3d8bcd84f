package io.sluice.coordinator.txn.handler;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.txn.TransactionCoordinator;
import io.sluice.coordinator.txn.state.ProducerClaim;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.AddOffsetsToTxnRequest;
import io.sluice.protocol.message.AddOffsetsToTxnResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** AddOffsetsToTxn (API 25): the partition that holds a group's offsets becomes part of the transaction. */
@Component(service = ApiHandler.class)
public final class AddOffsetsToTxnHandler implements ApiHandler {
    private final TransactionCoordinator transactions;

    @Activate
    public AddOffsetsToTxnHandler(@Reference TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKey api() {
        return ApiKey.ADD_OFFSETS_TO_TXN;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        AddOffsetsToTxnRequest add = request.read(new AddOffsetsToTxnRequest());
        short version = request.version();
        Answer<ErrorCode> reply =
                new Answer<>(request, error -> response(error, version), error -> response(error, version));
        if (!request.mayDo(Operation.WRITE, Resource.transactionalId(add.transactionalId()))) {
            reply.refuse(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        } else if (!request.mayDo(Operation.READ, Resource.group(add.groupId()))) {
            reply.refuse(ErrorCode.GROUP_AUTHORIZATION_FAILED);
        } else if (add.transactionalId().isEmpty()) {
            reply.refuse(ErrorCode.INVALID_REQUEST);
        } else {
            TopicPartition offsets = transactions.offsetsPartition(add.groupId());
            ProducerClaim producer = new ProducerClaim(add.transactionalId(), add.producerId(), add.producerEpoch());
            transactions.submit(
                    add.transactionalId(),
                    reply,
                    (shard, turn) -> shard.add(turn, producer, List.of(offsets), (short) 0, reply));
        }
    }

    private static Message response(ErrorCode error, short version) {
        return new AddOffsetsToTxnResponse()
                .setErrorCode(Answer.known(error, version).code());
    }
}
