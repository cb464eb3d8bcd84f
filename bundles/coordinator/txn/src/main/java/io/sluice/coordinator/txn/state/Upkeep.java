package io.sluice.coordinator.txn.state;

import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done from time to time: transactions that take too long are aborted, transactional ids that nobody uses are forgotten. */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private enum Key {
        ABORT,
        EXPIRE
    }

    private final TransactionTable table;
    private final Endings endings;
    private final Timers<TransactionRecord> timers;
    private final Supplier<TransactionLimits> limits;
    private final Consumer<String> wantsId;

    /** @param wantsId sees to it that {@link #abort(Turn, String, long)} is called with a producer id for this transactional id */
    Upkeep(
            TransactionTable table,
            Endings endings,
            Timers<TransactionRecord> timers,
            Supplier<TransactionLimits> limits,
            Consumer<String> wantsId) {
        this.table = table;
        this.endings = endings;
        this.timers = timers;
        this.limits = limits;
        this.wantsId = wantsId;
    }

    void begin() {
        abortLater();
        expireLater();
    }

    private void abortLater() {
        timers.set(Key.ABORT, limits.get().abortIntervalMs(), this::abort);
    }

    private void expireLater() {
        timers.set(Key.EXPIRE, limits.get().expireIntervalMs(), this::expire);
    }

    private void abort(Turn<TransactionRecord> turn) {
        for (Transaction transaction : table.copyOfAll()) {
            if (!isOverdue(transaction, turn.nowMs())) {
                continue;
            }
            if (transaction.producer().isExhausted()) {
                wantsId.accept(transaction.id());
            } else {
                abort(turn, transaction, ProducerIdentity.NO_ID);
            }
        }
        abortLater();
    }

    private static boolean isOverdue(Transaction transaction, long nowMs) {
        TransactionMetadata now = transaction.metadata();
        return now.state() == TransactionState.ONGOING && now.startMs() + now.timeoutMs() < nowMs;
    }

    /** Aborts a transaction whose producer has no epoch left, if it is still too old. */
    void abort(Turn<TransactionRecord> turn, String transactionalId, long spareId) {
        Transaction transaction = table.find(transactionalId);
        if (transaction != null && isOverdue(transaction, turn.nowMs())) {
            abort(turn, transaction, spareId);
        }
    }

    private void abort(Turn<TransactionRecord> turn, Transaction transaction, long spareId) {
        TransactionMetadata now = transaction.metadata();
        LOG.info(
                "the transaction of {} (producer {}, epoch {}) is aborted after {} ms",
                transaction.id(),
                now.producer().id(),
                now.producer().epoch(),
                now.timeoutMs());
        if (!endings.fence(turn, transaction, spareId)) {
            LOG.error("the transaction of {} could not be aborted: its record is too large", transaction.id());
        }
    }

    private void expire(Turn<TransactionRecord> turn) {
        long expirationMs = limits.get().expirationMs();
        for (Transaction transaction : table.copyOfAll()) {
            boolean unused = turn.nowMs() - transaction.metadata().updatedMs() >= expirationMs;
            if (unused && transaction.state().isIdle()) {
                turn.write(List.of(new TransactionRecord(transaction.id(), null)));
            }
        }
        expireLater();
    }
}
