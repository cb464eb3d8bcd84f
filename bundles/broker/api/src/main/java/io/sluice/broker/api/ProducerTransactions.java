package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.protocol.message.InitProducerIdRequest;
import io.sluice.protocol.message.InitProducerIdResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The transactions of producers, for the handlers of requests that belong to a transaction but not to its coordinator: InitProducerId, Produce,
 * TxnOffsetCommit. A service of the transaction coordinator's, absent where none is installed. Any thread; nothing blocks, and futures complete on a
 * thread that must not be kept long.
 */
@ConsumerType
public interface ProducerTransactions {
    /** InitProducerId for a request with a transactional id; who asks has been authorised. Completes with an answer always. */
    CompletableFuture<InitProducerIdResponse> init(InitProducerIdRequest request);

    /**
     * Asks whether a producer may write to partitions in its transaction.
     *
     * @return completes with one error for each of the claim's partitions, in their order: {@code NONE} when it may; what the client is to be told, else
     */
    CompletableFuture<List<ErrorCode>> admit(Claim claim);

    /** What is done for the producer. */
    enum Admission {
        /** The partitions are verified to be in the transaction (KIP-890 part 1); refusals are in terms that old clients know. */
        VERIFY,
        /** The same for a client that knows {@code TRANSACTION_ABORTABLE}. */
        VERIFY_ABORTABLE,
        /** The partitions are added to the transaction, which begins with the first one (KIP-890 part 2). */
        ADD
    }

    /**
     * A producer that is about to write.
     *
     * @param producerEpoch as in its batches
     */
    record Claim(
            String transactionalId,
            long producerId,
            short producerEpoch,
            List<TopicPartition> partitions,
            Admission admission) {
        public Claim {
            partitions = List.copyOf(partitions);
        }
    }
}
