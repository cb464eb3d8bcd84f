package io.sluice.handlers.telemetry;

import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.GetTelemetrySubscriptionsRequest;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** GetTelemetrySubscriptions (API 71): which metrics a client is to push, and how often (KIP-714). */
@Component(service = ApiHandler.class)
public final class GetTelemetrySubscriptionsHandler implements ApiHandler {
    private final ClientTelemetry telemetry;

    @Activate
    public GetTelemetrySubscriptionsHandler(@Reference TelemetryComponent component) {
        this.telemetry = component.telemetry();
    }

    @Override
    public ApiKey api() {
        return ApiKey.GET_TELEMETRY_SUBSCRIPTIONS;
    }

    @Override
    public void handle(Request request) {
        request.respond(telemetry.subscribe(request.read(new GetTelemetrySubscriptionsRequest()), request));
    }
}
