package io.sluice.coordinator.share.state;

import io.sluice.base.ErrorCode;
import org.jspecify.annotations.Nullable;

/** How far a group has come in a share partition. */
public record SummaryOutcome(
        ErrorCode error,
        @Nullable String message,
        int stateEpoch,
        int leaderEpoch,
        long startOffset,
        int deliveryCompleteCount) {
    public static SummaryOutcome refused(ErrorCode error, @Nullable String message) {
        return new SummaryOutcome(error, message, 0, 0, ShareState.NO_START_OFFSET, ShareState.NO_COUNT);
    }
}
