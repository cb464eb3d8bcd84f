package io.sluice.coordinator.txn.state;

import io.sluice.base.TopicPartition;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A transactional id at one moment: what its record in {@code __transaction_state} says. Immutable; each method that returns another one is a step
 * that the coordinator may take.
 *
 * @param partitions that the transaction has written to, or may have; empty when idle
 * @param startMs when the transaction began; -1 when there was none since the initialisation
 * @param version of the protocol that ends it: from 2 on each end raises the epoch (KIP-890)
 */
public record TransactionMetadata(
        ProducerIdentity producer,
        int timeoutMs,
        TransactionState state,
        Set<TopicPartition> partitions,
        long startMs,
        long updatedMs,
        short version) {
    /** From this version of transactions on each end raises the epoch. */
    public static final short BUMPS_EPOCH = 2;

    private static final long NO_TIME = -1L;

    public TransactionMetadata {
        partitions = Set.copyOf(partitions);
    }

    /** A transactional id that nobody has used yet. */
    static TransactionMetadata fresh(long producerId, int timeoutMs, long nowMs) {
        return new TransactionMetadata(
                ProducerIdentity.fresh(producerId), timeoutMs, TransactionState.EMPTY, Set.of(), NO_TIME, nowMs, (short)
                        0);
    }

    /** A producer was initialised. */
    TransactionMetadata initialised(ProducerIdentity as, int newTimeoutMs, long nowMs) {
        return new TransactionMetadata(as, newTimeoutMs, TransactionState.EMPTY, Set.of(), NO_TIME, nowMs, version);
    }

    /** The producer is about to write to these partitions, too. */
    TransactionMetadata adding(Collection<TopicPartition> more, short clientVersion, long nowMs) {
        Set<TopicPartition> all = new LinkedHashSet<>(partitions);
        all.addAll(more);
        long start = state == TransactionState.ONGOING ? startMs : nowMs;
        return new TransactionMetadata(producer, timeoutMs, TransactionState.ONGOING, all, start, nowMs, clientVersion);
    }

    /** The end is decided. */
    TransactionMetadata prepared(TransactionState next, ProducerIdentity as, short endVersion, long nowMs) {
        long start = state == TransactionState.ONGOING ? startMs : nowMs;
        return new TransactionMetadata(as, timeoutMs, next, partitions, start, nowMs, endVersion);
    }

    /** All markers are written. */
    TransactionMetadata completed(long nowMs) {
        return new TransactionMetadata(
                producer.afterEnd(), timeoutMs, state.completed(), Set.of(), startMs, nowMs, version);
    }
}
