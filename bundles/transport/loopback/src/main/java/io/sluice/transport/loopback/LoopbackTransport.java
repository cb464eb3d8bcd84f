package io.sluice.transport.loopback;

import io.sluice.base.Time;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener on a {@link LoopbackNetwork}. */
final class LoopbackTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackTransport.class);
    private static final AtomicLong IDS = new AtomicLong();
    private static final long HANDLING_MS = 2_000L;
    private static final long IDLE_CHECK_MIN_MS = 10L;
    private static final long IDLE_CHECK_MAX_MS = 10_000L;

    private final LoopbackNetwork network;
    private final ListenerConfig listener;
    private final ConnectionHandler handler;
    private final Time time;
    private final @Nullable ScheduledThreadPoolExecutor thread;
    private final Executor executor;
    private final Set<LoopbackConnection> connections = new LinkedHashSet<>();
    private volatile InetSocketAddress address;
    private boolean draining;
    private boolean closed;

    private LoopbackTransport(
            LoopbackNetwork network,
            ListenerConfig listener,
            ConnectionHandler handler,
            @Nullable Executor executor,
            Time time) {
        this.network = network;
        this.listener = listener;
        this.handler = handler;
        this.time = time;
        this.address = new InetSocketAddress(listener.port());
        this.thread = executor == null ? thread(listener.name()) : null;
        this.executor = executor != null ? executor : java.util.Objects.requireNonNull(thread);
    }

    static LoopbackTransport open(
            LoopbackNetwork network,
            ListenerConfig listener,
            ConnectionHandler handler,
            @Nullable Executor executor,
            Time time)
            throws IOException {
        LoopbackTransport transport = new LoopbackTransport(network, listener, handler, executor, time);
        try {
            transport.address = network.bind(listener.port(), transport);
        } catch (IOException e) {
            transport.endThread();
            throw e;
        }
        transport.watchIdle();
        return transport;
    }

    private static ScheduledThreadPoolExecutor thread(String listener) {
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "sluice-loopback-" + listener);
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setRejectedExecutionHandler((task, ended) -> LOG.trace("an event came after the end"));
        return thread;
    }

    private void watchIdle() {
        if (thread != null && listener.idleMs() > 0) {
            long every = Math.max(IDLE_CHECK_MIN_MS, Math.min(IDLE_CHECK_MAX_MS, listener.idleMs() / 4));
            thread.scheduleWithFixedDelay(this::closeIdle, every, every, TimeUnit.MILLISECONDS);
        }
    }

    private void closeIdle() {
        long since = time.nanoseconds() - TimeUnit.MILLISECONDS.toNanos(listener.idleMs());
        for (LoopbackConnection connection : snapshot()) {
            if (connection.lastTraffic() - since < 0) {
                connection.fail("no traffic for " + listener.idleMs() + " ms");
            }
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public synchronized int connectionCount() {
        return connections.size();
    }

    /** A peer connects; on its thread. */
    LoopbackPeer accept(InetSocketAddress peer) throws ConnectException {
        LoopbackConnection connection =
                new LoopbackConnection(IDS.incrementAndGet(), peer, listener, executor, time, this::ended);
        synchronized (this) {
            if (draining) {
                throw new ConnectException("nobody listens on port " + address.getPort() + " any more");
            }
            if (connections.size() >= Math.min(listener.connectionsMax(), listener.connectionsPerAddressMax())) {
                LOG.warn("refused a connection from {}: there are {} already", peer, connections.size());
                return connection.refused();
            }
            connections.add(connection);
        }
        return connection.begin(handler);
    }

    private void ended(LoopbackConnection connection) {
        synchronized (this) {
            connections.remove(connection);
            notifyAll();
        }
    }

    private synchronized List<LoopbackConnection> snapshot() {
        return new ArrayList<>(connections);
    }

    @Override
    public void stopReading() {
        synchronized (this) {
            draining = true;
        }
        network.unbind(address.getPort(), this);
        long end = time.nanoseconds() + TimeUnit.MILLISECONDS.toNanos(HANDLING_MS);
        for (LoopbackConnection connection : snapshot()) {
            connection.stopReading();
        }
        for (LoopbackConnection connection : snapshot()) {
            connection.awaitHandled(end);
        }
    }

    @Override
    public void close(long deadlineMs) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        long end = time.nanoseconds() + TimeUnit.MILLISECONDS.toNanos(deadlineMs);
        stopReading();
        for (LoopbackConnection connection : snapshot()) {
            connection.finish();
        }
        awaitNoConnection(end);
        for (LoopbackConnection connection : snapshot()) {
            connection.fail("the listener was closed");
        }
        awaitNoConnection(time.nanoseconds() + TimeUnit.MILLISECONDS.toNanos(HANDLING_MS));
        endThread();
    }

    private void awaitNoConnection(long end) {
        boolean interrupted = false;
        synchronized (this) {
            while (!connections.isEmpty() && !interrupted) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(end - time.nanoseconds());
                if (leftMs <= 0) {
                    break;
                }
                try {
                    wait(leftMs);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void endThread() {
        if (thread == null) {
            return;
        }
        thread.getQueue().clear();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(HANDLING_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("the thread of listener {} is still running", listener.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
