package io.sluice.coordinator.txn.state;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import java.util.function.Consumer;

/**
 * Requests that find a transaction on its way to the end. Kafka sends them away with {@code CONCURRENT_TRANSACTIONS} at once; here they wait for a
 * moment, in which the markers are written as a rule, and are sent away after it.
 */
final class Waiters {
    /** As long as Kafka's brokers try again for a producer before they tell it. */
    static final long PATIENCE_MS = 100L;

    private record Key(String transactionalId) {}

    private final Timers<TransactionRecord> timers;

    Waiters(Timers<TransactionRecord> timers) {
        this.timers = timers;
    }

    void await(Transaction transaction, Reply<?> reply, Consumer<Turn<TransactionRecord>> goOn) {
        if (transaction.await(new Transaction.Waiting(reply, goOn))) {
            timers.set(
                    new Key(transaction.id()),
                    PATIENCE_MS,
                    turn -> refuse(transaction, ErrorCode.CONCURRENT_TRANSACTIONS));
        }
    }

    /** The transaction is complete. */
    void goOn(Turn<TransactionRecord> turn, Transaction transaction) {
        timers.cancel(new Key(transaction.id()));
        for (Transaction.Waiting waiting : transaction.takeWaiting()) {
            waiting.goOn().accept(turn);
        }
    }

    void refuse(Transaction transaction, ErrorCode error) {
        for (Transaction.Waiting waiting : transaction.takeWaiting()) {
            waiting.reply().refuse(error);
        }
    }
}
