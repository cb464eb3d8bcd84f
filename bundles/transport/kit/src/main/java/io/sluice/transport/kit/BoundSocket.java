package io.sluice.transport.kit;

import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/** A socket for transports under test, bound when it is first asked for. */
public final class BoundSocket implements ListeningSocket, AutoCloseable {
    private final InetSocketAddress address;
    private final int backlog;
    private @Nullable ServerSocketChannel channel;

    public BoundSocket(ListenerConfig listener) {
        this.address = new InetSocketAddress(listener.host(), listener.port());
        this.backlog = listener.backlog();
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
    public synchronized void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
