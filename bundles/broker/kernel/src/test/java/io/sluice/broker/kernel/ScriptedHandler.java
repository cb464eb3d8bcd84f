package io.sluice.broker.kernel;

import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Notes which requests came and does with them what the test says; left alone, it answers. */
final class ScriptedHandler implements ApiHandler {
    final List<Integer> seen = new ArrayList<>();
    final List<String> resumed = new ArrayList<>();
    private final ApiKey api;
    private final Execution execution;
    private Consumer<Request> handling =
            request -> request.respond(request.api().newResponse());
    private BiConsumer<Request, Object> resuming =
            (request, continuation) -> request.respond(request.api().newResponse());

    ScriptedHandler(ApiKey api, Execution execution) {
        this.api = api;
        this.execution = execution;
    }

    ScriptedHandler handling(Consumer<Request> script) {
        handling = script;
        return this;
    }

    ScriptedHandler resuming(BiConsumer<Request, Object> script) {
        resuming = script;
        return this;
    }

    @Override
    public ApiKey api() {
        return api;
    }

    @Override
    public Execution execution() {
        return execution;
    }

    @Override
    public void handle(Request request) {
        seen.add(request.correlationId());
        handling.accept(request);
    }

    @Override
    public void resume(Request request, Object continuation, boolean timedOut) {
        resumed.add(request.correlationId() + (timedOut ? " late" : " in time"));
        resuming.accept(request, continuation);
    }
}
