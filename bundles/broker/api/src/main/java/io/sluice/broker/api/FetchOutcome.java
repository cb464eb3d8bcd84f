package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.Records;

/**
 * What one read gave.
 *
 * @param records whole batches, owned by the receiver; empty with an error
 * @param divergingEpoch -1, or the epoch up to which the reader's log agrees, with its end in {@code divergingEndOffset}
 */
public record FetchOutcome(
        ErrorCode error,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        int divergingEpoch,
        long divergingEndOffset,
        Records records) {
    public static FetchOutcome refused(ErrorCode error) {
        return new FetchOutcome(error, -1L, -1L, -1L, -1, -1L, Records.EMPTY);
    }
}
