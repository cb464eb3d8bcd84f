package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.NotControllerException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Why a part of a request is not done. */
record Refusal(ErrorCode error, @Nullable String message) {
    /** For a part that the controller left out of its answer. */
    static final Refusal NO_RESULT = new Refusal(ErrorCode.UNKNOWN_SERVER_ERROR, "the controller gave no result");

    static Refusal of(ErrorCode error) {
        return new Refusal(error, null);
    }

    static Refusal invalid(String message) {
        return new Refusal(ErrorCode.INVALID_REQUEST, message);
    }

    /** What a future of the controller failed with, as clients are told it. */
    static Refusal of(@Nullable Throwable failure) {
        if (failure == null) {
            return NO_RESULT;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NotControllerException) {
            return new Refusal(ErrorCode.NOT_CONTROLLER, cause.getMessage());
        }
        LoggerFactory.getLogger(Refusal.class).warn("The controller failed at a request", cause);
        return new Refusal(ErrorCode.UNKNOWN_SERVER_ERROR, "the controller failed: " + cause.getMessage());
    }

    short code() {
        return error.code();
    }
}
