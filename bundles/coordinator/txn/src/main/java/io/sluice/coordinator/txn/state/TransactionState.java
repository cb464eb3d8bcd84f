package io.sluice.coordinator.txn.state;

import io.sluice.protocol.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/**
 * Where a transactional id stands. {@code EMPTY -> ONGOING -> PREPARE_COMMIT or PREPARE_ABORT -> COMPLETE_COMMIT or COMPLETE_ABORT -> ONGOING}; the
 * initialisation of a producer leads back to {@code EMPTY}. A prepared transaction is decided and cannot change its mind.
 *
 * <p>{@code DEAD} and {@code PREPARE_EPOCH_FENCE} are states that Kafka passes through in memory; they are known by name and never entered here,
 * where a change and its record are one.
 */
public enum TransactionState {
    EMPTY(0, "Empty"),
    ONGOING(1, "Ongoing"),
    PREPARE_COMMIT(2, "PrepareCommit"),
    PREPARE_ABORT(3, "PrepareAbort"),
    COMPLETE_COMMIT(4, "CompleteCommit"),
    COMPLETE_ABORT(5, "CompleteAbort"),
    DEAD(6, "Dead"),
    PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

    private final byte id;
    private final String label;

    TransactionState(int id, String label) {
        this.id = (byte) id;
        this.label = label;
    }

    /** As in the records. */
    public byte id() {
        return id;
    }

    /** As in answers. */
    public String label() {
        return label;
    }

    /** @throws MalformedMessageException for an id that no state has */
    static TransactionState of(byte id) {
        if (id < 0 || id >= values().length) {
            throw new MalformedMessageException("a transaction in state " + id);
        }
        return values()[id];
    }

    /** The state of this name; null when there is none. */
    static @Nullable TransactionState named(String label) {
        for (TransactionState state : values()) {
            if (state.label.equals(label)) {
                return state;
            }
        }
        return null;
    }

    /** Decided, and not all markers are known to be written. */
    public boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    /** No transaction is open or on its way to the end. */
    public boolean isIdle() {
        return this == EMPTY || this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
    }

    TransactionState completed() {
        return this == PREPARE_COMMIT ? COMPLETE_COMMIT : COMPLETE_ABORT;
    }
}
