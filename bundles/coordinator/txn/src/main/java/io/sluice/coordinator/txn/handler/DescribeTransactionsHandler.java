package io.sluice.coordinator.txn.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.txn.TransactionCoordinator;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.DescribeTransactionsRequest;
import io.sluice.protocol.message.DescribeTransactionsResponse;
import io.sluice.protocol.message.DescribeTransactionsResponse.TopicData;
import io.sluice.protocol.message.DescribeTransactionsResponse.TransactionState;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** DescribeTransactions (API 65). Topics that the asker may not see are left out. */
@Component(service = ApiHandler.class)
public final class DescribeTransactionsHandler implements ApiHandler {
    private static final long TIMEOUT_MS = 30_000L;

    private final TransactionCoordinator transactions;

    @Activate
    public DescribeTransactionsHandler(@Reference TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKey api() {
        return ApiKey.DESCRIBE_TRANSACTIONS;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    /** What was found is put aside, because the authorizer may be asked within a call only. */
    @Override
    public void handle(Request request) {
        List<String> ids = request.read(new DescribeTransactionsRequest()).transactionalIds();
        AtomicReference<DescribeTransactionsResponse> found = new AtomicReference<>();
        Wakeup wakeup = request.park(found, TIMEOUT_MS);
        List<ErrorCode> refusals = new ArrayList<>(ids.size());
        for (String id : ids) {
            boolean may = request.mayDo(Operation.DESCRIBE, Resource.transactionalId(id));
            ErrorCode refusal = may ? ErrorCode.NONE : ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            refusals.add(id.isEmpty() ? ErrorCode.INVALID_REQUEST : refusal);
        }
        Gathering<TransactionState> gathering = new Gathering<>(ids.size(), states -> {
            found.set(new DescribeTransactionsResponse().setTransactionStates(states));
            wakeup.fire();
        });
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            Reply<TransactionState> reply = gathering.part(i, state -> state, error -> refused(id, error));
            if (refusals.get(i) != ErrorCode.NONE) {
                reply.refuse(refusals.get(i));
            } else {
                transactions.submit(id, reply, (shard, turn) -> turn.answer(reply, shard.describe(id)));
            }
        }
    }

    private static TransactionState refused(String id, ErrorCode error) {
        return new TransactionState().setTransactionalId(id).setErrorCode(error.code());
    }

    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        Object found = ((AtomicReference<?>) continuation).get();
        if (!(found instanceof DescribeTransactionsResponse response)) {
            List<TransactionState> states = new ArrayList<>();
            for (String id : request.read(new DescribeTransactionsRequest()).transactionalIds()) {
                states.add(refused(id, ErrorCode.COORDINATOR_NOT_AVAILABLE));
            }
            request.respond(new DescribeTransactionsResponse().setTransactionStates(states));
            return;
        }
        for (TransactionState state : response.transactionStates()) {
            List<TopicData> visible = new ArrayList<>();
            for (TopicData topic : state.topics()) {
                if (request.mayDo(Operation.DESCRIBE, Resource.topic(topic.topic()))) {
                    visible.add(topic);
                }
            }
            state.setTopics(visible);
        }
        request.respond(response);
    }
}
