package io.sluice.transport.api;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The socket on which a listener's address is bound. The kernel owns it, and it outlives the transports that accept from it
 * one after the other: who connects while a transport is being replaced waits in the system's backlog, instead of being
 * refused.
 */
@ProviderType
public interface ListeningSocket {
    /**
     * Lends the socket, from {@link TransportFactory#open} until {@link Transport#stopReading()} returns: bound, listening,
     * not blocking, and registered with no selector. It is given back in the same state; a transport never closes it. One
     * that is given back otherwise is closed by the kernel, and who waits in its backlog with it.
     *
     * <p>The address is bound when this is called for the first time; a transport that needs no socket does not call it.
     *
     * @throws IOException when the address cannot be bound
     */
    ServerSocketChannel channel() throws IOException;

    /**
     * Takes over a connection whose output was shut down, so that the transport need not wait for its peer: what still comes
     * is discarded until the peer has closed too, or some seconds have passed, and then it is closed. Closing at once would
     * send a reset, which destroys answers on their way. The connection must not be blocking, nor be registered with a
     * selector.
     */
    void linger(SocketChannel connection);
}
