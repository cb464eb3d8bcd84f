package io.sluice.transport.kit;

import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A socket for transports under test, bound when it is first asked for. */
public final class BoundSocket implements ListeningSocket, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BoundSocket.class);

    private static final long POLL_NANOS = 1_000_000L;

    private final InetSocketAddress address;
    private final int backlog;
    private final Queue<SocketChannel> lingering = new ConcurrentLinkedQueue<>();
    private @Nullable ServerSocketChannel channel;
    private volatile boolean closed;

    public BoundSocket(ListenerConfig listener) {
        this.address = new InetSocketAddress(listener.host(), listener.port());
        this.backlog = listener.backlog();
        // begun here, and not for the first connection that lingers: a thread remembers on whose stack it was begun
        Thread thread = new Thread(this::discard, "kit-lingering");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized ServerSocketChannel channel() throws IOException {
        if (channel == null) {
            ServerSocketChannel opened = ServerSocketChannel.open();
            try {
                opened.configureBlocking(false);
                opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                opened.bind(address, backlog);
            } catch (IOException e) {
                opened.close();
                throw e;
            }
            channel = opened;
        }
        return channel;
    }

    @Override
    public void linger(SocketChannel connection) {
        if (connection.isRegistered() || connection.isBlocking()) {
            throw new IllegalStateException("a connection that is left must be given up whole: " + connection);
        }
        lingering.add(connection);
    }

    private void discard() {
        ByteBuffer dropped = ByteBuffer.allocate(64 * 1024);
        while (!closed) {
            lingering.removeIf(connection -> isOver(connection, dropped));
            LockSupport.parkNanos(POLL_NANOS);
        }
        lingering.forEach(BoundSocket::close);
    }

    private static boolean isOver(SocketChannel connection, ByteBuffer dropped) {
        try {
            int read;
            do {
                read = connection.read(dropped.clear());
            } while (read > 0);
            if (read == 0) {
                return false;
            }
        } catch (IOException e) {
            LOG.debug("{} failed while it was left", connection, e);
        }
        close(connection);
        return true;
    }

    private static void close(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.debug("{} did not close cleanly", connection, e);
        }
    }

    /** Also closes what lingers. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (channel != null) {
            channel.close();
        }
    }
}
