package io.sluice.transport.mina;

import io.sluice.base.Time;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import io.sluice.transport.api.Transport;
import io.sluice.transport.api.TransportFactory;
import io.sluice.transport.api.TransportType;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;

/** Offers MINA as the transport {@code mina}. */
@Component(service = TransportFactory.class)
@TransportType("mina")
public final class MinaTransportFactory implements TransportFactory {
    @Override
    public Transport open(ListenerConfig listener, ListeningSocket socket, ConnectionHandler handler)
            throws IOException {
        return MinaTransport.open(listener, socket, handler, Time.SYSTEM);
    }
}
