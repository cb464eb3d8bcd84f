package io.sluice.coordinator.share.state;

import io.sluice.base.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a leader that takes over is told. */
public record ReadOutcome(
        ErrorCode error, @Nullable String message, int stateEpoch, long startOffset, List<StateBatch> batches) {
    public ReadOutcome {
        batches = List.copyOf(batches);
    }

    public static ReadOutcome refused(ErrorCode error, @Nullable String message) {
        return new ReadOutcome(error, message, 0, ShareState.NO_START_OFFSET, List.of());
    }
}
