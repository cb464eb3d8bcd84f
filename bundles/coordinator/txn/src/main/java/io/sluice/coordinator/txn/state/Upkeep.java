package io.sluice.coordinator.txn.state;

import io.sluice.coordinator.runtime.Timers;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.record.RecordBatchFormat;
import java.util.List;
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

    Upkeep(
            TransactionTable table,
            Endings endings,
            Timers<TransactionRecord> timers,
            Supplier<TransactionLimits> limits) {
        this.table = table;
        this.endings = endings;
        this.timers = timers;
        this.limits = limits;
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
            TransactionMetadata now = transaction.metadata();
            if (now.state() == TransactionState.ONGOING && now.startMs() + now.timeoutMs() < turn.nowMs()) {
                LOG.info(
                        "the transaction of {} (producer {}, epoch {}) is aborted after {} ms",
                        transaction.id(),
                        now.producer().id(),
                        now.producer().epoch(),
                        now.timeoutMs());
                if (!endings.fence(turn, transaction, RecordBatchFormat.NO_PRODUCER_EPOCH)) {
                    LOG.error("the transaction of {} could not be aborted: its record is too large", transaction.id());
                }
            }
        }
        abortLater();
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
