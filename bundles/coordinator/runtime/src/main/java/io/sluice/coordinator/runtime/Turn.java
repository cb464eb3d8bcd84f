package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.TransactionEnd;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What a state machine can do while it handles one event. Valid during that call only. */
@ProviderType
public interface Turn<R> {
    /** The wall clock when the turn began, in milliseconds since the epoch. */
    long nowMs();

    /**
     * Writes records that belong together: all of them are in one batch or none is. They are replayed before this returns and will be appended
     * after the turn.
     *
     * @return false when they are larger than a batch of the topic may be; nothing has happened then
     */
    boolean write(List<R> records);

    /**
     * Writes records into the transaction of a producer. They are at the log already when this returns, and are replayed as pending by then; or before the
     * next turn, if the log is not to be had for a while. Should it have something against the producer then, this turn's outcomes are refused.
     *
     * @param guard what {@link io.sluice.broker.api.Partitions#transactionGuard} gave for the producer
     * @return why nothing has happened: {@code MESSAGE_TOO_LARGE} when they are larger than a batch may be, or what the log has against the producer;
     *     else {@code NONE}
     */
    default ErrorCode writePending(long producerId, short producerEpoch, long guard, List<R> records) {
        throw new UnsupportedOperationException("no transactions in this turn");
    }

    /**
     * Writes the marker that ends the transaction of a producer, which is replayed as {@link #writePending} says.
     *
     * @return why nothing has happened, in the terms of the log; else {@code NONE}
     */
    default ErrorCode writeEnd(TransactionEnd end) {
        throw new UnsupportedOperationException("no transactions in this turn");
    }

    /** Answers once everything that was written up to the end of this turn is committed. */
    <T> void answer(Reply<T> reply, T outcome);
}
