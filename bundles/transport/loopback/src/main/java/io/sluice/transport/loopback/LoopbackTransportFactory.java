package io.sluice.transport.loopback;

import io.sluice.base.Time;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import io.sluice.transport.api.TransportType;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Offers the transport {@code loopback}. Tests construct it with the network on which they connect. */
@Component(service = TransportFactory.class)
@TransportType("loopback")
public final class LoopbackTransportFactory implements TransportFactory {
    private final LoopbackNetwork network;
    private final @Nullable Executor executor;

    @Activate
    public LoopbackTransportFactory() {
        this(new LoopbackNetwork());
    }

    /** Each transport delivers its frames on a thread of its own. */
    public LoopbackTransportFactory(LoopbackNetwork network) {
        this.network = network;
        this.executor = null;
    }

    /**
     * Frames are delivered on this executor; with {@code Runnable::run} on the thread of the peer that writes or reads, which makes
     * the order of events repeatable. Idle connections are not closed then.
     */
    public LoopbackTransportFactory(LoopbackNetwork network, Executor executor) {
        this.network = network;
        this.executor = executor;
    }

    @Override
    public Transport open(ListenerConfig listener, ListeningSocket unused, ConnectionHandler handler)
            throws IOException {
        return LoopbackTransport.open(network, listener, handler, executor, Time.SYSTEM);
    }
}
