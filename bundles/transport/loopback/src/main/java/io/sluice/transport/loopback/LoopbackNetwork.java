package io.sluice.transport.loopback;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** The ports of a network that exists in this process only. Any thread. */
public final class LoopbackNetwork {
    private static final int FIRST_PORT = 49_152;

    private final Map<Integer, LoopbackTransport> bound = new HashMap<>();
    private int nextPort = FIRST_PORT;
    private int nextPeerPort = 1;

    /**
     * Connects to the transport that has bound this port.
     *
     * @throws ConnectException when none has, or it no longer accepts
     */
    public LoopbackPeer connect(int port) throws IOException {
        LoopbackTransport transport;
        int peerPort;
        synchronized (this) {
            transport = bound.get(port);
            peerPort = nextPeerPort++ % FIRST_PORT;
        }
        if (transport == null) {
            throw new ConnectException("nobody listens on port " + port);
        }
        return transport.accept(new InetSocketAddress(InetAddress.getLoopbackAddress(), peerPort));
    }

    synchronized InetSocketAddress bind(int wanted, LoopbackTransport transport) throws IOException {
        int port = wanted;
        while (port == 0) {
            int candidate = nextPort++;
            port = bound.containsKey(candidate) ? 0 : candidate;
        }
        if (bound.putIfAbsent(port, transport) != null) {
            throw new BindException("port " + port + " is in use");
        }
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    synchronized void unbind(int port, LoopbackTransport transport) {
        bound.remove(port, transport);
    }
}
