package io.sluice.transport.api;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes transports. The service itself is cheap: creating it does no I/O; the registry of the kernel calls {@link #open}
 * on its own scheduler, after the previous holder of the address has closed.
 *
 * <p>The service carries the property {@code transport.type} (see {@link TransportType}).
 */
@ConsumerType
public interface TransportFactory {
    /**
     * Begins to accept connections.
     *
     * @param socket where TCP connections come from; lent until the transport has stopped reading
     * @throws IOException when the address cannot be bound; nothing is left open then, and the socket is given back
     */
    Transport open(ListenerConfig listener, ListeningSocket socket, ConnectionHandler handler) throws IOException;
}
