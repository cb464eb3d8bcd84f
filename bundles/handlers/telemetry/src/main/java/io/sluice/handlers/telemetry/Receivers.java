package io.sluice.handlers.telemetry;

import io.sluice.request.api.telemetry.ClientMetricsReceiver;
import io.sluice.request.api.telemetry.PushedMetrics;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who gets what clients push. Any thread. */
final class Receivers {
    private static final Logger LOG = LoggerFactory.getLogger(Receivers.class);

    private final List<ClientMetricsReceiver> receivers = new CopyOnWriteArrayList<>();

    void add(ClientMetricsReceiver receiver) {
        receivers.add(receiver);
    }

    void remove(ClientMetricsReceiver receiver) {
        receivers.remove(receiver);
    }

    boolean isEmpty() {
        return receivers.isEmpty();
    }

    /** @return whether all of them took it */
    boolean receive(Supplier<PushedMetrics> push) {
        boolean taken = true;
        for (ClientMetricsReceiver receiver : receivers) {
            try {
                receiver.receive(push.get());
            } catch (RuntimeException e) {
                LOG.warn(
                        "{} failed at the metrics of a client",
                        receiver.getClass().getName(),
                        e);
                taken = false;
            }
        }
        return taken;
    }
}
