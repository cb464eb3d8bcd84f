package io.sluice.coordinator.txn.state;

import io.sluice.protocol.message.ListTransactionsRequest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which transactions ListTransactions is about.
 *
 * @param all of the states, when no filter names one
 * @param durationMs negative for transactions of any age
 * @param unknownStates the names in the request that no state has
 */
public record ListFilter(
        Set<TransactionState> states,
        boolean all,
        Set<Long> producerIds,
        long durationMs,
        Predicate<String> id,
        List<String> unknownStates) {

    /** @param id what the pattern of the request says of a transactional id */
    public static ListFilter of(ListTransactionsRequest asked, Predicate<String> id) {
        Set<TransactionState> states = EnumSet.noneOf(TransactionState.class);
        List<String> unknown = new ArrayList<>();
        for (String name : asked.stateFilters()) {
            TransactionState state = TransactionState.named(name);
            if (state == null) {
                unknown.add(name);
            } else {
                states.add(state);
            }
        }
        return new ListFilter(
                states,
                asked.stateFilters().isEmpty(),
                Set.copyOf(asked.producerIdFilters()),
                asked.durationFilter(),
                id,
                unknown);
    }

    boolean admits(Transaction transaction, long nowMs) {
        TransactionMetadata now = transaction.metadata();
        return (all || states.contains(now.state()))
                && (producerIds.isEmpty() || producerIds.contains(now.producer().id()))
                && (durationMs < 0L || nowMs - now.startMs() > durationMs)
                && id.test(transaction.id());
    }
}
