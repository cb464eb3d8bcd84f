package io.sluice.coordinator.txn;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.runtime.Work;
import io.sluice.coordinator.txn.marker.Markers;
import io.sluice.coordinator.txn.state.IdentityOutcome;
import io.sluice.coordinator.txn.state.TransactionRecord;
import io.sluice.coordinator.txn.state.TransactionShard;
import io.sluice.protocol.message.EndTxnRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The coordinator as request handlers see it. Safe for use from any thread; nothing blocks. */
public interface TransactionCoordinator {
    /** Hands an event to the state that holds the transactional id; refused with {@code NOT_COORDINATOR} when it is not here. */
    void submit(String transactionalId, Reply<?> reply, Work<TransactionShard, TransactionRecord> work);

    /** Hands an event to the state of one partition. */
    void submit(int partition, Reply<?> reply, Work<TransactionShard, TransactionRecord> work);

    /** The partitions whose transactions are coordinated here. */
    List<Integer> partitions();

    /** Ends a transaction. @param version of the protocol of transactions that the client speaks */
    void end(EndTxnRequest asked, short version, Reply<IdentityOutcome> reply);

    /** Writes markers that somebody else decided on into partitions of this broker, once. */
    CompletableFuture<Map<TopicPartition, ErrorCode>> writeMarkers(Markers markers);

    /** In which partition of {@code __consumer_offsets} a group's offsets are; the topic need not exist yet. */
    TopicPartition offsetsPartition(String groupId);

    TransactionConfig config();

    MetadataImage image();
}
