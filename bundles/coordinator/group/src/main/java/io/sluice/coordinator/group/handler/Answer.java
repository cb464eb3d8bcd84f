package io.sluice.coordinator.group.handler;

import io.sluice.base.ErrorCode;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.protocol.Message;
import io.sluice.request.api.Request;
import java.util.function.Function;

/** Sends the outcome of a request, or what stands for an error in its API. */
record Answer<M extends Message>(Request request, Function<ErrorCode, M> refusal) implements Reply<M> {
    @Override
    public void answer(M outcome) {
        request.respond(outcome);
    }

    @Override
    public void refuse(ErrorCode error) {
        request.respond(refusal.apply(error));
    }
}
