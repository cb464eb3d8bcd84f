package io.sluice.broker.api;

import io.sluice.base.ErrorCode;

/** An answer of ListOffsets; offset, timestamp and epoch are -1 where there is none. */
public record OffsetOutcome(ErrorCode error, long timestampMs, long offset, int leaderEpoch) {
    public static OffsetOutcome refused(ErrorCode error) {
        return new OffsetOutcome(error, -1L, -1L, -1);
    }
}
