package io.sluice.coordinator.txn.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.Message;
import io.sluice.request.api.Request;
import java.util.function.Function;

/** Answers a request with what stands for an outcome in its API, or for an error. */
record Answer<T>(Request request, Function<T, Message> outcome, Function<ErrorCode, Message> refusal)
        implements Reply<T> {
    @Override
    public void answer(T decided) {
        request.respond(outcome.apply(decided));
    }

    @Override
    public void refuse(ErrorCode error) {
        request.respond(refusal.apply(error));
    }

    /** Before version 2 of the transactional APIs clients do not know {@code PRODUCER_FENCED} (KIP-588). */
    static ErrorCode known(ErrorCode error, short version) {
        return error == ErrorCode.PRODUCER_FENCED && version < 2 ? ErrorCode.INVALID_PRODUCER_EPOCH : error;
    }
}
