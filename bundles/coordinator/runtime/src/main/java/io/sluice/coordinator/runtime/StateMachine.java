package io.sluice.coordinator.runtime;

import io.sluice.base.ErrorCode;

/**
 * The state of one partition of a coordinator's topic. It is called by one thread at a time, never blocks, and reads no clock and no
 * randomness but what it was given, so that a run can be repeated.
 *
 * <p>What it must remember it writes as records ({@link Turn#write}); {@link #replay} alone turns a record into state, on the way from the log
 * and on the way into it. What it need not remember (sessions, requests that wait) it may change freely.
 */
public interface StateMachine<R> {
    /** Takes a record into the state: from the log while loading, or at once when a turn has written it. */
    void replay(R record);

    /** Takes a record that a producer has written in its transaction, which goes on: it counts when the transaction is committed. */
    default void replayPending(long producerId, short producerEpoch, R record) {}

    /** The transaction of a producer has ended, and what it has written here counts from now on or never will. There may be nothing. */
    default void endTransaction(long producerId, short producerEpoch, boolean committed) {}

    /** The log has been replayed: sessions begin. */
    default void loaded(Turn<R> turn) {}

    /** The state is given up: every reply that it still holds is refused with the error. Nothing is called afterwards. */
    void unloaded(ErrorCode error);
}
