package io.sluice.handlers.telemetry;

import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.request.api.telemetry.ClientMetricsReceiver;
import java.util.Objects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** What both handlers share, and where receivers are registered. */
@Component(service = TelemetryComponent.class)
public final class TelemetryComponent {
    private final Receivers receivers;
    private final ClientTelemetry telemetry;
    private final MetadataSource.Subscription subscription;

    @Activate
    public TelemetryComponent(@Reference Broker broker, @Reference MetadataSource metadata) {
        this.receivers = new Receivers();
        this.telemetry = new ClientTelemetry(
                receivers,
                broker.time(),
                broker.random(),
                () -> Integer.parseInt(Objects.requireNonNull(broker.config("telemetry.max.bytes"))));
        this.subscription = metadata.subscribe(telemetry::changed);
    }

    /** Without a container, and without receivers of its own. */
    TelemetryComponent(ClientTelemetry telemetry) {
        this.receivers = new Receivers();
        this.telemetry = telemetry;
        this.subscription = () -> {};
    }

    ClientTelemetry telemetry() {
        return telemetry;
    }

    @Reference(
            service = ClientMetricsReceiver.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            unbind = "removeReceiver")
    void addReceiver(ClientMetricsReceiver receiver) {
        receivers.add(receiver);
    }

    void removeReceiver(ClientMetricsReceiver receiver) {
        receivers.remove(receiver);
    }

    @Deactivate
    public void close() {
        subscription.close();
    }
}
