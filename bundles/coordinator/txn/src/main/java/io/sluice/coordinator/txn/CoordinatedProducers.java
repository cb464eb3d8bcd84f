package io.sluice.coordinator.txn;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.ProducerTransactions;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.txn.state.IdentityOutcome;
import io.sluice.coordinator.txn.state.ProducerClaim;
import io.sluice.coordinator.txn.state.TransactionMetadata;
import io.sluice.protocol.message.InitProducerIdRequest;
import io.sluice.protocol.message.InitProducerIdResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The coordinator for those who write for producers, with the errors that their clients know (KIP-588, KIP-890): a fenced producer learns of it by
 * {@code INVALID_PRODUCER_EPOCH}, and an old one that it forgot a partition by {@code INVALID_TXN_STATE}.
 */
final class CoordinatedProducers implements ProducerTransactions {
    private final ShardedTransactionCoordinator coordinator;

    CoordinatedProducers(ShardedTransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    public CompletableFuture<InitProducerIdResponse> init(InitProducerIdRequest request) {
        String id = request.transactionalId();
        boolean oneOfTwo = (request.producerId() == -1L) != (request.producerEpoch() == -1);
        if (id == null || id.isEmpty() || oneOfTwo) {
            return CompletableFuture.completedFuture(answer(IdentityOutcome.refused(ErrorCode.INVALID_REQUEST)));
        }
        int timeoutMs = request.transactionTimeoutMs();
        if (timeoutMs <= 0 || timeoutMs > coordinator.config().timeoutMaxMs()) {
            return CompletableFuture.completedFuture(
                    answer(IdentityOutcome.refused(ErrorCode.INVALID_TRANSACTION_TIMEOUT)));
        }
        CompletableFuture<InitProducerIdResponse> future = new CompletableFuture<>();
        coordinator.init(
                request,
                replyTo(future, CoordinatedProducers::answer, error -> answer(IdentityOutcome.refused(error))));
        return future;
    }

    private static InitProducerIdResponse answer(IdentityOutcome outcome) {
        return new InitProducerIdResponse()
                .setErrorCode(outcome.error().code())
                .setProducerId(outcome.producerId())
                .setProducerEpoch(outcome.producerEpoch());
    }

    @Override
    public CompletableFuture<List<ErrorCode>> admit(Claim claim) {
        int count = claim.partitions().size();
        CompletableFuture<List<ErrorCode>> future = new CompletableFuture<>();
        if (claim.transactionalId().isEmpty()) {
            future.complete(all(count, ErrorCode.INVALID_REQUEST));
            return future;
        }
        ProducerClaim producer = new ProducerClaim(claim.transactionalId(), claim.producerId(), claim.producerEpoch());
        if (claim.admission() == Admission.ADD) {
            Reply<ErrorCode> reply =
                    replyTo(future, error -> all(count, told(error, claim)), error -> all(count, told(error, claim)));
            coordinator.submit(
                    claim.transactionalId(),
                    reply,
                    (shard, turn) ->
                            shard.add(turn, producer, claim.partitions(), TransactionMetadata.BUMPS_EPOCH, reply));
        } else if (!coordinator.config().verifiesPartitions()) {
            future.complete(all(count, ErrorCode.NONE));
        } else {
            Reply<List<ErrorCode>> reply =
                    replyTo(future, errors -> told(errors, claim), error -> all(count, told(error, claim)));
            coordinator.submit(
                    claim.transactionalId(),
                    reply,
                    (shard, turn) -> shard.verify(turn, producer, claim.partitions(), reply));
        }
        return future;
    }

    private static List<ErrorCode> all(int count, ErrorCode error) {
        return Collections.nCopies(count, error);
    }

    private static List<ErrorCode> told(List<ErrorCode> errors, Claim claim) {
        List<ErrorCode> told = new ArrayList<>(errors.size());
        for (ErrorCode error : errors) {
            told.add(told(error, claim));
        }
        return told;
    }

    private static ErrorCode told(ErrorCode error, Claim claim) {
        return switch (error) {
            case PRODUCER_FENCED -> ErrorCode.INVALID_PRODUCER_EPOCH;
            case TRANSACTION_ABORTABLE -> claim.admission() == Admission.VERIFY ? ErrorCode.INVALID_TXN_STATE : error;
            default -> error;
        };
    }

    private static <T, A> Reply<T> replyTo(
            CompletableFuture<A> future, Function<T, A> answer, Function<ErrorCode, A> refusal) {
        return new Reply<>() {
            @Override
            public void answer(T outcome) {
                future.complete(answer.apply(outcome));
            }

            @Override
            public void refuse(ErrorCode error) {
                future.complete(refusal.apply(error));
            }
        };
    }
}
