package io.sluice.coordinator.group.consumer;

import org.jspecify.annotations.Nullable;

/** An assignor gave no assignment, or one that cannot be. */
final class AssignorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String told;

    AssignorException(String assignor, String reason, @Nullable Throwable cause) {
        super("assignor " + assignor + ": " + reason, cause);
        this.told = "Failed to compute a new target assignment with assignor " + assignor + ": " + reason + ".";
    }

    /** What the member is told. */
    String told() {
        return told;
    }
}
