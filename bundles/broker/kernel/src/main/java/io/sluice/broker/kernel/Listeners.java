package io.sluice.broker.kernel;

import io.sluice.base.Time;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The broker's listeners, each a role that a transport holds. They open together, once {@link #open()} was called: when
 * every handler of the installed features is there. A transport that leaves is drained of what clients are owed.
 */
final class Listeners {
    /** What of the drain's time goes to answering requests; the rest is for flushing and closing. */
    private static final long ANSWER_MS = 2_500L;

    private static final long CLOSE_MS = 1_000L;

    private final String type;
    private final List<PartRole<TransportFactory, Transport>> roles = new ArrayList<>();
    private final List<PartRole.Candidate<TransportFactory>> early = new ArrayList<>();
    private boolean open;

    Listeners(String type, BrokerConfig config, RequestDispatcher dispatcher, RoleContext context) {
        this.type = type;
        for (ListenerConfig listener : config.listeners()) {
            roles.add(new PartRole<>(
                    "transport", listener.name(), context, new Lifecycle(listener, dispatcher, context.time())));
        }
    }

    List<PartRole<TransportFactory, Transport>> roles() {
        return roles;
    }

    synchronized void offer(String transportType, PartRole.Candidate<TransportFactory> candidate) {
        if (!transportType.equals(type)) {
            return;
        }
        if (!open) {
            early.add(candidate);
            return;
        }
        for (PartRole<TransportFactory, Transport> role : roles) {
            role.offer(candidate);
        }
    }

    void withdraw(Object key) {
        synchronized (this) {
            early.removeIf(candidate -> candidate.key().equals(key));
        }
        for (PartRole<TransportFactory, Transport> role : roles) {
            role.withdraw(key);
        }
    }

    synchronized void open() {
        open = true;
        for (PartRole.Candidate<TransportFactory> candidate : early) {
            for (PartRole<TransportFactory, Transport> role : roles) {
                role.offer(candidate);
            }
        }
        early.clear();
    }

    void shutdown() {
        for (PartRole<TransportFactory, Transport> role : roles) {
            role.shutdown();
        }
    }

    private record Lifecycle(ListenerConfig listener, RequestDispatcher dispatcher, Time time)
            implements PartRole.Lifecycle<TransportFactory, Transport> {
        @Override
        public Transport open(TransportFactory factory) throws IOException {
            return factory.open(listener, dispatcher);
        }

        @Override
        public void closing(Transport transport) {
            transport.stopReading();
            dispatcher.inFlight().drain(listener.name(), time.nanoseconds() + ANSWER_MS * 1_000_000L);
        }

        @Override
        public void close(Transport transport) {
            transport.close(CLOSE_MS);
        }
    }
}
