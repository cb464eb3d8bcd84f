package io.sluice.coordinator.txn.state;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Turn;
import io.sluice.protocol.message.InitProducerIdRequest;
import java.util.List;

/**
 * InitProducerId for transactional ids: whoever comes last may write, and everybody before is fenced by the epoch. A producer that brings its id and epoch
 * gets the next epoch, unless another was initialised since (KIP-360).
 */
final class Initialisations {
    private final TransactionTable table;
    private final Endings endings;
    private final Waiters waiters;

    Initialisations(TransactionTable table, Endings endings, Waiters waiters) {
        this.table = table;
        this.endings = endings;
        this.waiters = waiters;
    }

    /** @param spareId a producer id that nobody has, or -1 */
    void init(Turn<TransactionRecord> turn, InitProducerIdRequest asked, long spareId, Reply<IdentityOutcome> reply) {
        String id = java.util.Objects.requireNonNull(asked.transactionalId());
        Transaction transaction = table.find(id);
        if (transaction == null) {
            if (spareId < 0L) {
                turn.answer(reply, IdentityOutcome.needsId());
                return;
            }
            TransactionMetadata fresh = TransactionMetadata.fresh(spareId, asked.transactionTimeoutMs(), turn.nowMs());
            ProducerIdentity first = fresh.producer().bumped(ProducerIdentity.NO_EPOCH);
            answer(turn, id, fresh.initialised(first, asked.transactionTimeoutMs(), turn.nowMs()), reply);
            return;
        }
        if (transaction.state().isPrepared()) {
            waiters.await(transaction, reply, later -> init(later, asked, spareId, reply));
            return;
        }
        Claim claim = Claim.of(asked, transaction.producer());
        boolean ongoing = transaction.state() == TransactionState.ONGOING;
        if (claim == Claim.FENCED || (ongoing && claim == Claim.AGAIN)) {
            turn.answer(reply, IdentityOutcome.refused(ErrorCode.PRODUCER_FENCED));
        } else if (ongoing) {
            abortFirst(turn, transaction, asked, spareId, reply);
        } else {
            initialise(turn, transaction, asked, claim, spareId, reply);
        }
    }

    /** After which the epoch before is the last one: whoever brought it gets the one that its transaction was aborted under. */
    private void abortFirst(
            Turn<TransactionRecord> turn,
            Transaction transaction,
            InitProducerIdRequest asked,
            long spareId,
            Reply<IdentityOutcome> reply) {
        if (transaction.producer().isExhausted() && spareId < 0L) {
            turn.answer(reply, IdentityOutcome.needsId());
        } else if (endings.fence(turn, transaction, spareId)) {
            init(turn, asked, spareId, reply);
        } else {
            turn.answer(reply, IdentityOutcome.refused(ErrorCode.UNKNOWN_SERVER_ERROR));
        }
    }

    private static void initialise(
            Turn<TransactionRecord> turn,
            Transaction transaction,
            InitProducerIdRequest asked,
            Claim claim,
            long spareId,
            Reply<IdentityOutcome> reply) {
        ProducerIdentity now = transaction.producer();
        ProducerIdentity next;
        if (claim == Claim.AGAIN && now.epoch() <= ProducerIdentity.EPOCH_MAX) {
            next = now;
        } else if (!now.isExhausted()) {
            next = now.bumped(asked.producerEpoch());
        } else if (spareId >= 0L) {
            next = now.rotated(spareId, asked.producerEpoch());
        } else {
            turn.answer(reply, IdentityOutcome.needsId());
            return;
        }
        answer(
                turn,
                transaction.id(),
                transaction.metadata().initialised(next, asked.transactionTimeoutMs(), turn.nowMs()),
                reply);
    }

    private static void answer(
            Turn<TransactionRecord> turn, String id, TransactionMetadata next, Reply<IdentityOutcome> reply) {
        boolean written = turn.write(List.of(new TransactionRecord(id, next)));
        turn.answer(
                reply,
                written
                        ? IdentityOutcome.of(next.producer())
                        : IdentityOutcome.refused(ErrorCode.UNKNOWN_SERVER_ERROR));
    }

    /** Whom the asker says to be. */
    private enum Claim {
        /** Nobody: a new producer. */
        NONE,
        /** The producer that was initialised last. */
        CURRENT,
        /** The same, and its request was answered before. */
        AGAIN,
        FENCED;

        static Claim of(InitProducerIdRequest asked, ProducerIdentity now) {
            long id = asked.producerId();
            short epoch = asked.producerEpoch();
            if (id == ProducerIdentity.NO_ID) {
                return NONE;
            }
            if (id == now.id()) {
                return epoch == now.epoch() ? CURRENT : isLast(epoch, now) ? AGAIN : FENCED;
            }
            boolean rotated = id == now.previousId() && ProducerIdentity.isExhausted(epoch) && isLast(epoch, now);
            return rotated ? AGAIN : FENCED;
        }

        private static boolean isLast(short epoch, ProducerIdentity now) {
            return now.lastEpoch() != ProducerIdentity.NO_EPOCH && epoch == now.lastEpoch();
        }
    }
}
