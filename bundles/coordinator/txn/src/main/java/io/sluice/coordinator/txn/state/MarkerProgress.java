package io.sluice.coordinator.txn.state;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.coordinator.txn.marker.MarkerWriter;
import io.sluice.coordinator.txn.marker.Markers;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Brings prepared transactions to their end: their markers are written once the decision is committed, and when none is missing the transaction is
 * complete. After loading it goes on with all that are prepared.
 *
 * <p>Each end has a token that no other end has, in this process: what is told of markers counts only for the end that they belong to, since the next
 * transaction of a producer may have the same id and epoch.
 */
final class MarkerProgress {
    /** Takes an event of the markers to the state, from any thread. */
    interface Inbox {
        void written(String transactionalId, long token, Collection<TopicPartition> partitions);
    }

    private final TransactionTable table;
    private final Waiters waiters;
    private final MarkerWriter writer;
    private final Inbox inbox;
    private final LongSupplier tokens;
    private final int coordinatorEpoch;
    private final Map<Long, MarkerWriter.Job> jobs = new HashMap<>();
    private boolean unloaded;

    MarkerProgress(
            TransactionTable table,
            Waiters waiters,
            MarkerWriter writer,
            Inbox inbox,
            LongSupplier tokens,
            int coordinatorEpoch) {
        this.table = table;
        this.waiters = waiters;
        this.writer = writer;
        this.inbox = inbox;
        this.tokens = tokens;
        this.coordinatorEpoch = coordinatorEpoch;
    }

    /** A transaction has been prepared in this turn. */
    void begin(Turn<TransactionRecord> turn, Transaction transaction) {
        if (transaction.metadata().partitions().isEmpty()) {
            complete(turn, transaction);
            return;
        }
        long token = tokens.getAsLong();
        transaction.beginEnding(token);
        turn.answer(new Decided(transaction, token), ErrorCode.NONE);
    }

    /** The decision is committed: it can be told to the partitions. */
    private final class Decided implements Reply<ErrorCode> {
        private final Transaction transaction;
        private final long token;

        Decided(Transaction transaction, long token) {
            this.transaction = transaction;
            this.token = token;
        }

        @Override
        public void answer(ErrorCode outcome) {
            if (!unloaded && transaction.isEnding(token)) {
                write(transaction, token);
            }
        }

        @Override
        public void refuse(ErrorCode error) {
            // Whoever loads the state anew finds out whether it was decided.
        }
    }

    private void write(Transaction transaction, long token) {
        TransactionMetadata metadata = transaction.metadata();
        Markers markers = new Markers(
                metadata.producer().id(),
                metadata.producer().epoch(),
                metadata.state() == TransactionState.PREPARE_COMMIT,
                coordinatorEpoch,
                metadata.version(),
                metadata.partitions());
        String id = transaction.id();
        jobs.put(token, writer.write(markers, partitions -> inbox.written(id, token, partitions)));
    }

    void written(Turn<TransactionRecord> turn, String id, long token, Collection<TopicPartition> partitions) {
        Transaction transaction = table.find(id);
        if (transaction != null && transaction.isEnding(token) && transaction.hasMarkers(partitions)) {
            jobs.remove(token);
            complete(turn, transaction);
        }
    }

    private void complete(Turn<TransactionRecord> turn, Transaction transaction) {
        TransactionMetadata completed = transaction.metadata().completed(turn.nowMs());
        if (!turn.write(List.of(new TransactionRecord(transaction.id(), completed)))) {
            throw new IllegalStateException("the end of " + transaction.id() + " does not fit into a batch");
        }
        transaction.ended();
        waiters.goOn(turn, transaction);
    }

    /** Goes on where the last coordinator has stopped. */
    void loaded(Turn<TransactionRecord> turn) {
        for (Transaction transaction : table.copyOfAll()) {
            if (transaction.state().isPrepared()) {
                begin(turn, transaction);
            }
        }
    }

    void unload() {
        unloaded = true;
        jobs.values().forEach(MarkerWriter.Job::cancel);
        jobs.clear();
    }
}
