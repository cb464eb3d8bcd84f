package io.sluice.coordinator.txn.state;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** AddPartitionsToTxn and AddOffsetsToTxn: what belongs to a transaction, which begins with the first partition. */
final class Additions {
    private final TransactionTable table;
    private final Waiters waiters;

    Additions(TransactionTable table, Waiters waiters) {
        this.table = table;
        this.waiters = waiters;
    }

    void add(
            Turn<TransactionRecord> turn,
            ProducerClaim claim,
            Collection<TopicPartition> partitions,
            short version,
            Reply<ErrorCode> reply) {
        Transaction transaction = table.find(claim.transactionalId());
        if (transaction == null) {
            turn.answer(reply, ErrorCode.INVALID_PRODUCER_ID_MAPPING);
            return;
        }
        if (transaction.state().isPrepared()) {
            // Whether it is fenced is seen afterwards: the producer may have been told the id that it goes on with.
            waiters.await(transaction, reply, later -> add(later, claim, partitions, version, reply));
            return;
        }
        ErrorCode refused = claim.refusalBy(transaction.producer());
        if (refused != ErrorCode.NONE) {
            turn.answer(reply, refused);
            return;
        }
        TransactionMetadata now = transaction.metadata();
        if (now.state() == TransactionState.ONGOING && now.partitions().containsAll(partitions)) {
            turn.answer(reply, ErrorCode.NONE);
            return;
        }
        TransactionMetadata next = now.adding(partitions, version, turn.nowMs());
        boolean written = turn.write(List.of(new TransactionRecord(transaction.id(), next)));
        turn.answer(reply, written ? ErrorCode.NONE : ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    /** Whether each of the partitions is in the transaction, which is open. */
    void verify(
            Turn<TransactionRecord> turn,
            ProducerClaim claim,
            List<TopicPartition> partitions,
            Reply<List<ErrorCode>> reply) {
        Transaction transaction = table.find(claim.transactionalId());
        ErrorCode refused =
                transaction == null ? ErrorCode.INVALID_PRODUCER_ID_MAPPING : claim.refusalBy(transaction.producer());
        if (refused == ErrorCode.NONE
                && transaction != null
                && transaction.state().isPrepared()) {
            refused = ErrorCode.CONCURRENT_TRANSACTIONS;
        }
        Set<TopicPartition> known =
                transaction == null ? Set.of() : transaction.metadata().partitions();
        List<ErrorCode> outcomes = new ArrayList<>(partitions.size());
        for (TopicPartition partition : partitions) {
            boolean isIn = known.contains(partition);
            outcomes.add(refused != ErrorCode.NONE ? refused : isIn ? ErrorCode.NONE : ErrorCode.TRANSACTION_ABORTABLE);
        }
        turn.answer(reply, outcomes);
    }
}
