package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Why a part of a request is refused, or that it is not. */
record ApiError(ErrorCode code, @Nullable String message) {
    static final ApiError NONE = new ApiError(ErrorCode.NONE, null);

    static ApiError of(ErrorCode code, String message) {
        return new ApiError(code, message);
    }

    boolean failed() {
        return code != ErrorCode.NONE;
    }
}
