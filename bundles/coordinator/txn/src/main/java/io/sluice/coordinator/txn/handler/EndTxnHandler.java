package io.sluice.coordinator.txn.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.txn.TransactionCoordinator;
import io.sluice.coordinator.txn.state.IdentityOutcome;
import io.sluice.coordinator.txn.state.TransactionMetadata;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.EndTxnRequest;
import io.sluice.protocol.message.EndTxnResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** EndTxn (API 26). From version 5 on each end raises the producer's epoch, and the answer says it (KIP-890). */
@Component(service = ApiHandler.class)
public final class EndTxnHandler implements ApiHandler {
    private static final short FIRST_VERSION_THAT_BUMPS = 5;

    private final TransactionCoordinator transactions;

    @Activate
    public EndTxnHandler(@Reference TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKey api() {
        return ApiKey.END_TXN;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    @Override
    public void handle(Request request) {
        EndTxnRequest end = request.read(new EndTxnRequest());
        short version = request.version();
        Answer<IdentityOutcome> reply = new Answer<>(
                request,
                outcome -> response(outcome, version),
                error -> response(IdentityOutcome.refused(error), version));
        if (!request.mayDo(Operation.WRITE, Resource.transactionalId(end.transactionalId()))) {
            reply.refuse(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        } else if (end.transactionalId().isEmpty()) {
            reply.refuse(ErrorCode.INVALID_REQUEST);
        } else {
            short protocol = version >= FIRST_VERSION_THAT_BUMPS ? TransactionMetadata.BUMPS_EPOCH : 0;
            transactions.end(end, protocol, reply);
        }
    }

    private static Message response(IdentityOutcome outcome, short version) {
        EndTxnResponse response = new EndTxnResponse()
                .setErrorCode(Answer.known(outcome.error(), version).code());
        return version < FIRST_VERSION_THAT_BUMPS
                ? response
                : response.setProducerId(outcome.producerId()).setProducerEpoch(outcome.producerEpoch());
    }
}
