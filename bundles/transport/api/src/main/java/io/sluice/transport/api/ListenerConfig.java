package io.sluice.transport.api;

import java.util.Objects;

/**
 * What a transport needs to know of its listener. Sizes are in bytes, times in milliseconds.
 *
 * @param name the listener's name, {@code PLAINTEXT} for example
 * @param host the address to bind; empty for all
 * @param port the port to bind; 0 lets the system choose
 * @param backlog connections that wait to be accepted
 * @param ioThreads threads that read and write
 * @param frameBytesMax a frame that says it is larger closes its connection ({@code socket.request.max.bytes})
 * @param connectionsMax further connections are closed at once ({@code max.connections})
 * @param connectionsPerAddressMax the same for each peer address ({@code max.connections.per.ip})
 * @param idleMs a connection without traffic for so long is closed ({@code connections.max.idle.ms})
 * @param sendBufferBytes the socket's; -1 leaves the system's
 * @param receiveBufferBytes the socket's; -1 leaves the system's
 * @param queuedBytesMax while more answer bytes than this are queued on a connection, it is not read from
 */
public record ListenerConfig(
        String name,
        String host,
        int port,
        int backlog,
        int ioThreads,
        int frameBytesMax,
        int connectionsMax,
        int connectionsPerAddressMax,
        long idleMs,
        int sendBufferBytes,
        int receiveBufferBytes,
        long queuedBytesMax) {

    public ListenerConfig {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(host, "host");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port of listener " + name + " is outside 0..65535: " + port);
        }
        if (ioThreads < 1) {
            throw new IllegalArgumentException("a listener needs one I/O thread at least: " + ioThreads);
        }
        if (frameBytesMax < 1) {
            throw new IllegalArgumentException("socket.request.max.bytes must be positive: " + frameBytesMax);
        }
    }

    /** A listener with Kafka's defaults. */
    public static ListenerConfig of(String name, String host, int port) {
        return new ListenerConfig(
                name,
                host,
                port,
                50,
                2,
                100 * 1024 * 1024,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                600_000L,
                -1,
                -1,
                8L * 1024 * 1024);
    }
}
