package io.sluice.coordinator.txn.state;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.EndTxnRequest;
import java.util.List;

/**
 * EndTxn, and the ends that the coordinator decides itself. A transaction is decided by its {@code PREPARE} record; the producer is answered when that
 * is committed, and the markers follow.
 *
 * <p>There are two protocols. In the first a producer keeps its epoch, and the state alone tells a repetition from a new request. In the second (KIP-890)
 * each end raises the epoch, and a repetition is known by the epoch before.
 */
final class Endings {
    private final TransactionTable table;
    private final MarkerProgress markers;
    private final Waiters waiters;

    Endings(TransactionTable table, MarkerProgress markers, Waiters waiters) {
        this.table = table;
        this.markers = markers;
        this.waiters = waiters;
    }

    /**
     * @param version of the protocol that the client speaks
     * @param spareId a producer id that nobody has, or -1
     */
    void end(
            Turn<TransactionRecord> turn,
            EndTxnRequest asked,
            short version,
            long spareId,
            Reply<IdentityOutcome> reply) {
        Transaction transaction = table.find(asked.transactionalId());
        if (transaction == null) {
            turn.answer(reply, IdentityOutcome.refused(ErrorCode.INVALID_PRODUCER_ID_MAPPING));
            return;
        }
        boolean bumps = version >= TransactionMetadata.BUMPS_EPOCH;
        Verdict verdict = bumps ? judgeBumping(transaction, asked) : judgePlain(transaction, asked);
        switch (verdict) {
            case END, END_EMPTY -> {
                ProducerIdentity producer = transaction.producer();
                if (bumps && producer.isExhausted() && spareId < 0L) {
                    turn.answer(reply, IdentityOutcome.needsId());
                    return;
                }
                ProducerIdentity next = bumps ? producer.ending(spareId) : producer;
                TransactionState state =
                        asked.committed() ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT;
                turn.answer(
                        reply,
                        prepare(turn, transaction, state, next, version)
                                ? IdentityOutcome.of(next.afterEnd())
                                : IdentityOutcome.refused(ErrorCode.UNKNOWN_SERVER_ERROR));
            }
            case AGAIN -> turn.answer(reply, IdentityOutcome.of(transaction.producer()));
            case WAIT -> waiters.await(transaction, reply, later -> end(later, asked, version, spareId, reply));
            default -> turn.answer(reply, IdentityOutcome.refused(verdict.error));
        }
    }

    private enum Verdict {
        END(ErrorCode.NONE),
        END_EMPTY(ErrorCode.NONE),
        /** It was done before. */
        AGAIN(ErrorCode.NONE),
        /** It is being done. */
        WAIT(ErrorCode.CONCURRENT_TRANSACTIONS),
        OF_ANOTHER(ErrorCode.INVALID_PRODUCER_ID_MAPPING),
        FENCED(ErrorCode.PRODUCER_FENCED),
        OUT_OF_PLACE(ErrorCode.INVALID_TXN_STATE);

        private final ErrorCode error;

        Verdict(ErrorCode error) {
            this.error = error;
        }
    }

    private static Verdict judgePlain(Transaction transaction, EndTxnRequest asked) {
        ProducerIdentity producer = transaction.producer();
        if (producer.id() != asked.producerId()) {
            return Verdict.OF_ANOTHER;
        }
        if (!producer.isOf(asked.producerId(), asked.producerEpoch())) {
            return Verdict.FENCED;
        }
        return switch (transaction.state()) {
            case ONGOING -> Verdict.END;
            case PREPARE_COMMIT -> asked.committed() ? Verdict.WAIT : Verdict.OUT_OF_PLACE;
            case PREPARE_ABORT -> asked.committed() ? Verdict.OUT_OF_PLACE : Verdict.WAIT;
            case COMPLETE_COMMIT -> asked.committed() ? Verdict.AGAIN : Verdict.OUT_OF_PLACE;
            case COMPLETE_ABORT -> asked.committed() ? Verdict.OUT_OF_PLACE : Verdict.AGAIN;
            case EMPTY, DEAD, PREPARE_EPOCH_FENCE -> Verdict.OUT_OF_PLACE;
        };
    }

    private static Verdict judgeBumping(Transaction transaction, EndTxnRequest asked) {
        ProducerIdentity producer = transaction.producer();
        short epoch = asked.producerEpoch();
        boolean overflowed = producer.previousId() == asked.producerId()
                && epoch == ProducerIdentity.EPOCH_MAX
                && producer.epoch() == 0;
        if (producer.id() != asked.producerId() && !overflowed) {
            return Verdict.OF_ANOTHER;
        }
        boolean same = producer.isOf(asked.producerId(), epoch);
        boolean again = overflowed || producer.epoch() == epoch + 1;
        return switch (transaction.state()) {
            case ONGOING -> same ? Verdict.END : Verdict.FENCED;
            case PREPARE_COMMIT -> !again ? Verdict.FENCED : asked.committed() ? Verdict.WAIT : Verdict.OUT_OF_PLACE;
            case PREPARE_ABORT -> !again ? Verdict.FENCED : asked.committed() ? Verdict.OUT_OF_PLACE : Verdict.WAIT;
            case COMPLETE_COMMIT, COMPLETE_ABORT -> judgeComplete(transaction.state(), asked.committed(), same, again);
            case EMPTY -> !same ? Verdict.FENCED : asked.committed() ? Verdict.OUT_OF_PLACE : Verdict.END_EMPTY;
            case DEAD, PREPARE_EPOCH_FENCE -> Verdict.OUT_OF_PLACE;
        };
    }

    /** A producer may abort a transaction that has no partitions, but not commit it. */
    private static Verdict judgeComplete(TransactionState state, boolean commit, boolean same, boolean again) {
        if (again) {
            return commit == (state == TransactionState.COMPLETE_COMMIT) ? Verdict.AGAIN : Verdict.OUT_OF_PLACE;
        }
        if (!same) {
            return Verdict.FENCED;
        }
        return commit ? Verdict.OUT_OF_PLACE : Verdict.END_EMPTY;
    }

    /**
     * Aborts an open transaction under the next epoch, so that whoever writes to it is fenced. Whatever the producer speaks, that is an end of the second
     * protocol: its producer finds out by repeating it, or by bringing its epoch to an initialisation, and goes on with the next.
     *
     * @param spareId a producer id that nobody has; needed when the epochs of the producer are used up
     */
    boolean fence(Turn<TransactionRecord> turn, Transaction transaction, long spareId) {
        ProducerIdentity fenced = transaction.producer().ending(spareId);
        return prepare(turn, transaction, TransactionState.PREPARE_ABORT, fenced, TransactionMetadata.BUMPS_EPOCH);
    }

    private boolean prepare(
            Turn<TransactionRecord> turn,
            Transaction transaction,
            TransactionState state,
            ProducerIdentity producer,
            short version) {
        TransactionMetadata prepared = transaction.metadata().prepared(state, producer, version, turn.nowMs());
        if (!turn.write(List.of(new TransactionRecord(transaction.id(), prepared)))) {
            return false;
        }
        markers.begin(turn, transaction);
        return true;
    }
}
