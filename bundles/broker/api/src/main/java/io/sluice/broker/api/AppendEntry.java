package io.sluice.broker.api;

import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.TransactionGuard;
import java.nio.ByteBuffer;

/**
 * Batches for one partition.
 *
 * @param topicId {@link Uuid#ZERO} when the client named the topic only
 * @param batches borrowed until the call returns; offsets and epochs are written into it
 * @param transactionVersion for markers: of the producer's transactions, 0 when it is not known (KIP-890)
 * @param transactionGuard for transactional records: what {@link Partitions#transactionGuard} gave before the coordinator was asked, or
 *     {@link #UNGUARDED}
 */
public record AppendEntry(
        TopicPartition partition, Uuid topicId, ByteBuffer batches, short transactionVersion, long transactionGuard) {
    /** Transactional records are appended whether or not their transaction is known to go on. */
    public static final long UNGUARDED = TransactionGuard.NONE;

    /** Transactional records are appended only to a transaction that has records in the partition already. */
    public static final long ONGOING = TransactionGuard.ONGOING;

    public AppendEntry(TopicPartition partition, Uuid topicId, ByteBuffer batches) {
        this(partition, topicId, batches, (short) 0, UNGUARDED);
    }

    /** A control batch that ends a transaction. */
    public static AppendEntry marker(TopicPartition partition, ByteBuffer batches, short transactionVersion) {
        return new AppendEntry(partition, Uuid.ZERO, batches, transactionVersion, UNGUARDED);
    }

    /** The same records, appended only if no marker of their producer has come since the guard was given. */
    public AppendEntry guardedBy(long guard) {
        return new AppendEntry(partition, topicId, batches, transactionVersion, guard);
    }

    /** The same for a producer whose sequence numbers begin anew with each transaction: one that the log does not know must send its first records. */
    public AppendEntry guardedFromFirst(long guard) {
        return guardedBy(TransactionGuard.fromFirst(guard));
    }
}
