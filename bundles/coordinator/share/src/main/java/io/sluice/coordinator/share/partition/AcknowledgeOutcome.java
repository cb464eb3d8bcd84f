package io.sluice.coordinator.share.partition;

import io.sluice.base.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What became of the acknowledgements of one partition: they hold and are kept, or none of them does. */
public record AcknowledgeOutcome(ErrorCode error, @Nullable String message) {
    public static final AcknowledgeOutcome OK = new AcknowledgeOutcome(ErrorCode.NONE, null);
}
