package io.sluice.broker.api;

import io.sluice.base.TopicPartition;
import io.sluice.request.api.Wakeup;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The partitions of this broker. A service of the kernel's. Methods may be called from any thread; those that return a
 * value do not wait for an event, but may read from disk.
 */
@ProviderType
public interface Partitions {
    /**
     * Appends to partitions that this broker leads. The batches are checked, get their offsets and the leader epoch in
     * place, and are written; the ticket completes when every partition has what the acks ask for, or the time is over.
     *
     * <p>An entry whose partition is busy or whose engine is being replaced is copied and queued, in order. With acks=1 and
     * 0 the ticket is complete once all are written.
     */
    AppendTicket append(List<AppendEntry> entries, short acks, int timeoutMs, AppendOrigin origin);

    /** Reads one partition now. The records in the answer are owned by the caller. */
    FetchOutcome fetch(FetchPosition position, int maxBytes, boolean minOneBatch);

    /**
     * The same for threads that must not wait for a disk: what would have to, as far as is known, is answered with
     * {@link FetchOutcome#isCold()}, and can be had after {@link #warm}.
     */
    default FetchOutcome fetchWarm(FetchPosition position, int maxBytes, boolean minOneBatch) {
        return fetch(position, maxBytes, minOneBatch);
    }

    /**
     * Reads what {@link #fetchWarm} with such positions and sizes would give to memory, on one of a few workers, and fires the
     * wake-up then, or when it cannot be done, from that worker. The worker may block: what is woken may {@link #fetch} there.
     */
    default void warm(List<FetchPosition> positions, int maxBytes, Wakeup wakeup) {
        wakeup.fire();
    }

    /**
     * Fires the wake-up once when at least {@code minBytes} can be read from the positions together, counted from what
     * was there at {@code alreadyThere}, or when any of the partitions changes its leadership or goes away. Fires at once
     * when that is so already.
     */
    void watch(Collection<FetchPosition> positions, int minBytes, Wakeup wakeup);

    /**
     * Fires the wake-up once when so many bytes can be read from the positions together that could not be read when these
     * outcomes were given, or when any of the partitions changes its leadership or goes away. Looks at no record: when there is
     * more in a partition already than its outcome knew of, it fires at once, whatever the size.
     *
     * @param seen what a read of each position gave; only their offsets are looked at
     */
    default void watch(List<FetchPosition> positions, List<FetchOutcome> seen, int moreBytes, Wakeup wakeup) {
        watch(positions, moreBytes, wakeup);
    }

    /** Answers ListOffsets for one partition: a timestamp or one of the special values of {@link SpecialTimestamp}. */
    OffsetOutcome offsetFor(TopicPartition partition, int currentLeaderEpoch, long timestamp, boolean readCommitted);

    /** The end of a leader epoch (KIP-101); {@code epoch} and {@code endOffset} are -1 when it is unknown. */
    EpochEndOutcome endOffsetFor(TopicPartition partition, int currentLeaderEpoch, int epoch);

    /** Raises a partition's log start to the offset; -1 means to the high watermark. */
    CompletableFuture<DeleteRecordsOutcome> deleteRecords(TopicPartition partition, long offset);

    /**
     * What an append of a transactional producer must give as its guard, so that it does not begin a transaction that has ended meanwhile or was never
     * begun (KIP-890): asked before the transaction's coordinator is. Does not wait.
     *
     * @return {@link AppendEntry#ONGOING} when the producer's transaction has records in the partition, so that nobody need be asked; else an offset
     */
    default long transactionGuard(TopicPartition partition, long producerId, short producerEpoch) {
        return AppendEntry.UNGUARDED;
    }

    /**
     * The same for a client's batch that begins with this sequence number: a log that knows nothing of the producer takes nothing above the lowest that it
     * was asked for.
     *
     * @return {@link AppendEntry#ONGOING} also when nobody need be asked because the append will refuse it
     */
    default long transactionGuard(TopicPartition partition, long producerId, short producerEpoch, int firstSequence) {
        return transactionGuard(partition, producerId, producerEpoch);
    }

    /** Answers DescribeProducers for one partition that this broker leads. May wait for a log whose engine is being replaced. */
    default ProducersOutcome producers(TopicPartition partition) {
        return ProducersOutcome.refused(io.sluice.base.ErrorCode.UNSUPPORTED_VERSION);
    }

    /** Every partition that this broker has, with its sizes and offsets. */
    List<PartitionStatus> statuses();

    /** The same for one; null when this broker does not have it. */
    @org.jspecify.annotations.Nullable
    PartitionStatus status(TopicPartition partition);

    /** The directories that engines keep logs in. */
    List<io.sluice.storage.api.LogDirectory> logDirectories();

    /**
     * Tells of partitions of a topic that this broker begins and ceases to lead, the present ones at once; until
     * {@link Registration#close()}.
     */
    Registration onLeadership(String topic, LeadershipListener listener);

    /** Ends a subscription. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
