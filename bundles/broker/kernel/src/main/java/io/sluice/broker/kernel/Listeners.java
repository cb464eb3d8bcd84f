package io.sluice.broker.kernel;

import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The broker's listeners, each a role that a transport holds. They open together, once {@link #open()} was called: when
 * every handler of the installed features is there. A transport that leaves is drained of what clients are owed.
 */
final class Listeners {
    private final String type;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<PartRole<TransportFactory, Transport>> roles = new ArrayList<>();
    private final List<PartRole.Candidate<TransportFactory>> early = new ArrayList<>();
    private final Set<Object> offered = new HashSet<>();
    private boolean open;

    Listeners(String type, BrokerConfig config, RequestDispatcher dispatcher, RoleContext context) {
        this.type = type;
        for (ListenerConfig one : config.listeners()) {
            Listener listener = new Listener(one, dispatcher, context);
            listeners.add(listener);
            roles.add(new PartRole<>("transport", one.name(), context, listener));
        }
    }

    List<PartRole<TransportFactory, Transport>> roles() {
        return roles;
    }

    synchronized void offer(String transportType, PartRole.Candidate<TransportFactory> candidate) {
        if (!transportType.equals(type)) {
            return;
        }
        offered.add(candidate.key());
        if (!open) {
            early.add(candidate);
            return;
        }
        for (PartRole<TransportFactory, Transport> role : roles) {
            role.offer(candidate);
        }
    }

    /** The type of transport that the listeners want. */
    String type() {
        return type;
    }

    /** Whether a bundle offers a transport of that type. */
    synchronized boolean isOffered() {
        return !offered.isEmpty();
    }

    void withdraw(Object key) {
        synchronized (this) {
            offered.remove(key);
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
        listeners.forEach(Listener::ending);
        for (PartRole<TransportFactory, Transport> role : roles) {
            role.shutdown();
        }
        listeners.forEach(Listener::end);
    }
}
