package io.sluice.coordinator.share.state;

import io.sluice.base.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What became of a write, an initialisation or a deletion. */
public record StateOutcome(ErrorCode error, @Nullable String message) {
    public static final StateOutcome OK = new StateOutcome(ErrorCode.NONE, null);
}
