package org.example.transport;

import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import io.sluice.transport.api.TransportType;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;

/** Offers the transport: the broker key {@code transport.type=sample} chooses it. */
@Component(service = TransportFactory.class)
@TransportType("sample")
public final class SampleTransportFactory implements TransportFactory {
    @Override
    public Transport open(ListenerConfig listener, ListeningSocket socket, ConnectionHandler handler)
            throws IOException {
        return SampleTransport.open(listener, socket, handler);
    }
}
