package io.sluice.coordinator.txn.state;

import io.sluice.base.ErrorCode;

/** Who a producer says to be. */
public record ProducerClaim(String transactionalId, long producerId, short producerEpoch) {
    /** Why it is not the producer that may write under the transactional id; {@code NONE} when it is. */
    ErrorCode refusalBy(ProducerIdentity now) {
        if (now.id() != producerId) {
            return ErrorCode.INVALID_PRODUCER_ID_MAPPING;
        }
        return now.isOf(producerId, producerEpoch) ? ErrorCode.NONE : ErrorCode.PRODUCER_FENCED;
    }
}
