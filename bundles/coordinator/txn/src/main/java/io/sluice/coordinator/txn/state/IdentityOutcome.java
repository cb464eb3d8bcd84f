package io.sluice.coordinator.txn.state;

import io.sluice.base.ErrorCode;

/**
 * What became of a request that gives a producer its id and epoch.
 *
 * @param producerId -1 with an error
 */
public record IdentityOutcome(ErrorCode error, long producerId, short producerEpoch) {
    private static final IdentityOutcome WANTS_ID = refused(ErrorCode.NONE);

    static IdentityOutcome of(ProducerIdentity identity) {
        return new IdentityOutcome(ErrorCode.NONE, identity.id(), identity.epoch());
    }

    public static IdentityOutcome refused(ErrorCode error) {
        return new IdentityOutcome(error, ProducerIdentity.NO_ID, ProducerIdentity.NO_EPOCH);
    }

    /** Nothing was decided, because a new producer id is needed and none was given: the same request is to come again with one. */
    static IdentityOutcome needsId() {
        return WANTS_ID;
    }

    public boolean isWithoutId() {
        return error == ErrorCode.NONE && producerId == ProducerIdentity.NO_ID;
    }
}
