package io.sluice.coordinator.txn.handler;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.RegexSize;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.txn.TransactionCoordinator;
import io.sluice.coordinator.txn.state.ListFilter;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ListTransactionsRequest;
import io.sluice.protocol.message.ListTransactionsResponse;
import io.sluice.protocol.message.ListTransactionsResponse.TransactionState;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** ListTransactions (API 66): those of every partition that is coordinated here, by state, producer, age and pattern (KIP-994, KIP-1152). */
@Component(service = ApiHandler.class)
public final class ListTransactionsHandler implements ApiHandler {
    private static final long TIMEOUT_MS = 30_000L;

    private final TransactionCoordinator transactions;

    @Activate
    public ListTransactionsHandler(@Reference TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKey api() {
        return ApiKey.LIST_TRANSACTIONS;
    }

    @Override
    public Execution execution() {
        return Execution.IO_THREAD;
    }

    /** What was found is put aside, because the authorizer may be asked within a call only. */
    @Override
    public void handle(Request request) {
        ListTransactionsRequest asked = request.read(new ListTransactionsRequest());
        ListFilter filter;
        try {
            filter = ListFilter.of(asked, matcher(asked.transactionalIdPattern()));
        } catch (PatternSyntaxException e) {
            request.respond(new ListTransactionsResponse().setErrorCode(ErrorCode.INVALID_REGULAR_EXPRESSION.code()));
            return;
        }
        List<Integer> partitions = transactions.partitions();
        AtomicReference<ListTransactionsResponse> found = new AtomicReference<>();
        Wakeup wakeup = request.park(found, TIMEOUT_MS);
        Gathering<ListTransactionsResponse> gathering = new Gathering<>(partitions.size(), parts -> {
            found.set(merge(parts).setUnknownStateFilters(filter.unknownStates()));
            wakeup.fire();
        });
        for (int i = 0; i < partitions.size(); i++) {
            Reply<List<TransactionState>> reply = gathering.part(
                    i,
                    states -> new ListTransactionsResponse().setTransactionStates(states),
                    error -> new ListTransactionsResponse().setErrorCode(error.code()));
            transactions.submit(
                    (int) partitions.get(i),
                    reply,
                    (shard, turn) -> turn.answer(reply, shard.list(filter, turn.nowMs())));
        }
    }

    private static Predicate<String> matcher(@Nullable String pattern) {
        if (pattern == null || pattern.isEmpty()) {
            return id -> true;
        }
        if (RegexSize.isTooLarge(pattern)) {
            throw new PatternSyntaxException("too large when its repetitions are written out");
        }
        Pattern compiled = Pattern.compile(pattern);
        return compiled::matches;
    }

    /** A partition that has just moved elsewhere is listed there. */
    private static ListTransactionsResponse merge(List<ListTransactionsResponse> parts) {
        List<TransactionState> listed = new ArrayList<>();
        for (ListTransactionsResponse part : parts) {
            ErrorCode error = ErrorCode.of(part.errorCode());
            if (error != ErrorCode.NONE && error != ErrorCode.NOT_COORDINATOR) {
                return part;
            }
            listed.addAll(part.transactionStates());
        }
        return new ListTransactionsResponse().setTransactionStates(listed);
    }

    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        Object found = ((AtomicReference<?>) continuation).get();
        if (!(found instanceof ListTransactionsResponse response)) {
            request.respond(new ListTransactionsResponse().setErrorCode(ErrorCode.COORDINATOR_NOT_AVAILABLE.code()));
            return;
        }
        List<TransactionState> visible = new ArrayList<>();
        for (TransactionState state : response.transactionStates()) {
            if (request.mayDo(Operation.DESCRIBE, Resource.transactionalId(state.transactionalId()))) {
                visible.add(state);
            }
        }
        request.respond(response.setTransactionStates(visible));
    }
}
