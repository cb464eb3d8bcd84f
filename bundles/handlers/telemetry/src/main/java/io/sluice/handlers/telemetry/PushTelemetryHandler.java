package io.sluice.handlers.telemetry;

import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.PushTelemetryRequest;
import io.sluice.protocol.message.PushTelemetryResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** PushTelemetry (API 72): a client's metrics for those who receive them (KIP-714). */
@Component(service = ApiHandler.class)
public final class PushTelemetryHandler implements ApiHandler {
    private final ClientTelemetry telemetry;

    @Activate
    public PushTelemetryHandler(@Reference TelemetryComponent component) {
        this.telemetry = component.telemetry();
    }

    @Override
    public ApiKey api() {
        return ApiKey.PUSH_TELEMETRY;
    }

    @Override
    public void handle(Request request) {
        PushTelemetryRequest asked = request.read(new PushTelemetryRequest());
        request.respond(new PushTelemetryResponse()
                .setErrorCode(telemetry.push(asked, request).code()));
    }
}
