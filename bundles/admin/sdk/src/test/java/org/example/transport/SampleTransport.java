package org.example.transport;

import io.sluice.base.Time;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import io.sluice.transport.api.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener over TCP: one thread accepts, reads and hands on; answers are written by whoever sends them, or by it when there is room. */
final class SampleTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(SampleTransport.class);
    private static final AtomicLong IDS = new AtomicLong();
    private static final long LOOK_MS = 50L;
    private static final long STOP_SECONDS = 4L;
    private static final long STUCK_NANOS = 1_000_000_000L;
    private static final long PAUSE_NANOS = 10_000_000L;

    private final ListenerConfig listener;
    private final ListeningSocket socket;
    private final ConnectionHandler handler;
    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Set<SampleConnection> connections = ConcurrentHashMap.newKeySet();
    private boolean stopped;
    private boolean closing;
    private long deadlineNanos;

    private SampleTransport(
            ListenerConfig listener,
            ListeningSocket socket,
            ConnectionHandler handler,
            ServerSocketChannel server,
            Selector selector)
            throws IOException {
        this.listener = listener;
        this.socket = socket;
        this.handler = handler;
        this.server = server;
        this.address = (InetSocketAddress) server.getLocalAddress();
        this.selector = selector;
        this.thread = new Thread(this::run, "SampleTransport-" + listener.name());
    }

    static SampleTransport open(ListenerConfig listener, ListeningSocket socket, ConnectionHandler handler)
            throws IOException {
        ServerSocketChannel server = socket.channel();
        Selector selector = Selector.open();
        try {
            server.register(selector, SelectionKey.OP_ACCEPT);
            SampleTransport transport = new SampleTransport(listener, socket, handler, server, selector);
            transport.thread.start();
            return transport;
        } catch (IOException | RuntimeException e) {
            selector.close(); // which gives the socket back, too
            throw e;
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public int connectionCount() {
        return connections.size();
    }

    // ---- the thread

    /** Runs this on the transport's thread, soon; it is dropped once the transport is closed. */
    void later(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    private void run() {
        try {
            while (!closing || !connections.isEmpty()) {
                selector.select(LOOK_MS);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid()) {
                        ready(key);
                    }
                }
                selector.selectedKeys().clear();
                look(Time.SYSTEM.nanoseconds());
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("listener {} has failed", listener.name(), e);
        } finally {
            connections.forEach(connection -> connection.close("the listener has failed"));
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            closeSelector();
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            LOG.warn("the selector of listener {} did not close cleanly", listener.name(), e);
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof SampleConnection connection) {
            connection.ready();
        } else {
            accept();
        }
    }

    private void accept() {
        while (!stopped) {
            try {
                SocketChannel channel = server.accept();
                if (channel == null) {
                    return;
                }
                take(channel);
            } catch (IOException e) {
                LOG.warn("listener {} could not accept a connection: {}", listener.name(), e.getMessage());
                LockSupport.parkNanos(PAUSE_NANOS); // it is out of file handles, perhaps
                return;
            }
        }
    }

    private void take(SocketChannel channel) throws IOException {
        try {
            InetSocketAddress peer = (InetSocketAddress) channel.getRemoteAddress();
            if (connections.size() >= listener.connectionsMax()
                    || connectionsOf(peer.getAddress()) >= listener.connectionsPerAddressMax()) {
                LOG.info("listener {} refuses {}: there are too many connections", listener.name(), peer);
                channel.close();
                return;
            }
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (listener.sendBufferBytes() > 0) {
                channel.setOption(StandardSocketOptions.SO_SNDBUF, listener.sendBufferBytes());
            }
            if (listener.receiveBufferBytes() > 0) {
                channel.setOption(StandardSocketOptions.SO_RCVBUF, listener.receiveBufferBytes());
            }
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            SampleConnection connection =
                    new SampleConnection(IDS.incrementAndGet(), peer, channel, key, listener, this);
            key.attach(connection);
            connections.add(connection);
            connection.begin(handler);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private long connectionsOf(InetAddress peer) {
        return connections.stream()
                .filter(connection -> peer.equals(connection.remoteAddress().getAddress()))
                .count();
    }

    /** Ends what has been idle for too long; while the transport closes, lets go who has got everything. */
    private void look(long now) throws IOException {
        List<SampleConnection> leaving = new ArrayList<>();
        for (SampleConnection connection : connections) {
            long quiet = now - connection.lastTraffic();
            if (!closing) {
                if (listener.idleMs() > 0L && quiet > TimeUnit.MILLISECONDS.toNanos(listener.idleMs())) {
                    connection.close("there was no traffic for " + listener.idleMs() + " ms");
                }
            } else if (connection.leave()) {
                leaving.add(connection);
            } else if (quiet > STUCK_NANOS || now - deadlineNanos >= 0L) {
                connection.close("it did not take its answers while the listener closed");
            }
        }
        if (!leaving.isEmpty()) {
            selector.selectNow(); // now they are registered no more
            for (SampleConnection connection : leaving) {
                connection.lingerAt(socket);
            }
        }
    }

    void ended(SampleConnection connection) {
        connections.remove(connection);
    }

    // ---- the end

    @Override
    public void stopReading() {
        if (isOwnThread()) {
            stopNow();
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        later(() -> {
            stopNow();
            done.countDown();
        });
        try {
            long end = Time.SYSTEM.nanoseconds() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
            while (thread.isAlive() && !done.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
                if (Time.SYSTEM.nanoseconds() - end > 0L) {
                    LOG.warn("a frame of listener {} is still being handled", listener.name());
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopNow() {
        if (stopped) {
            return;
        }
        stopped = true;
        connections.forEach(SampleConnection::stopReading);
        SelectionKey key = server.keyFor(selector);
        if (key != null) {
            key.cancel();
            try {
                selector.selectNow(); // gives the socket back
            } catch (IOException e) {
                LOG.warn("the socket of listener {} was not given back cleanly", listener.name(), e);
            }
        }
    }

    @Override
    public void close(long deadlineMs) {
        stopReading();
        long deadline = Time.SYSTEM.nanoseconds() + TimeUnit.MILLISECONDS.toNanos(deadlineMs);
        later(() -> {
            if (!closing) {
                closing = true;
                deadlineNanos = deadline;
                connections.forEach(SampleConnection::touch);
            }
        });
        if (!isOwnThread()) {
            try {
                thread.join(deadlineMs + TimeUnit.SECONDS.toMillis(STOP_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
