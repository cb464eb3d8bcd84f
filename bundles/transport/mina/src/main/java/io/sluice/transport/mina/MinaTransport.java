package io.sluice.transport.mina;

import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.service.SimpleIoProcessorPool;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.SocketSessionConfig;
import org.apache.mina.transport.socket.nio.NioSession;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener on MINA's NIO acceptor, with as many {@link FrameProcessor}s as it has I/O threads. */
final class MinaTransport extends IoHandlerAdapter implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(MinaTransport.class);

    /** MINA allocates a buffer of this size for each read; ours is read into instead, so it is as small as MINA takes. */
    private static final int MINA_READ_BUFFER_BYTES = 64;

    private static final long POLL_NANOS = 500_000L;
    private static final AtomicLong IDS = new AtomicLong();

    private final ListenerConfig listener;
    private final ConnectionHandler handler;
    private final ExecutorService threads;
    private final SimpleIoProcessorPool<NioSession> processors;
    private final NioSocketAcceptor acceptor;
    private final Map<Long, MinaConnection> connections = new ConcurrentHashMap<>();
    private final Map<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicInteger reading = new AtomicInteger();
    private volatile InetSocketAddress address;
    private volatile boolean draining;
    private boolean closed;

    private MinaTransport(ListenerConfig listener, ConnectionHandler handler) {
        this.listener = listener;
        this.handler = handler;
        this.address = new InetSocketAddress(listener.port());
        this.threads = Executors.newCachedThreadPool(threads(listener.name()));
        this.processors = new SimpleIoProcessorPool<>(FrameProcessor.class, threads, listener.ioThreads(), null);
        this.acceptor = new NioSocketAcceptor(threads, processors);
    }

    static MinaTransport open(ListenerConfig listener, ConnectionHandler handler) throws IOException {
        MinaTransport transport = new MinaTransport(listener, handler);
        try {
            transport.bind();
            return transport;
        } catch (IOException | RuntimeException e) {
            transport.dispose();
            throw e;
        }
    }

    private static ThreadFactory threads(String listener) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "sluice-mina-" + listener + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private void bind() throws IOException {
        acceptor.setReuseAddress(true);
        acceptor.setBacklog(listener.backlog());
        acceptor.setCloseOnDeactivation(false);
        acceptor.setHandler(this);
        SocketSessionConfig config = acceptor.getSessionConfig();
        config.setTcpNoDelay(true);
        config.setKeepAlive(true);
        config.setMinReadBufferSize(MINA_READ_BUFFER_BYTES);
        config.setReadBufferSize(MINA_READ_BUFFER_BYTES);
        if (listener.sendBufferBytes() > 0) {
            config.setSendBufferSize(listener.sendBufferBytes());
        }
        if (listener.receiveBufferBytes() > 0) {
            config.setReceiveBufferSize(listener.receiveBufferBytes());
        }
        if (listener.idleMs() > 0) {
            config.setIdleTime(
                    IdleStatus.BOTH_IDLE, (int) Math.max(1L, Math.min(Integer.MAX_VALUE, listener.idleMs() / 1_000L)));
        }
        InetSocketAddress wanted = listener.host().isEmpty()
                ? new InetSocketAddress(listener.port())
                : new InetSocketAddress(listener.host(), listener.port());
        acceptor.bind(wanted);
        address = acceptor.getLocalAddress();
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public int connectionCount() {
        return connections.size();
    }

    // ---- MINA's events, on I/O threads

    @Override
    public void sessionOpened(IoSession session) {
        InetSocketAddress peer = (InetSocketAddress) session.getRemoteAddress();
        String refusal = refusal(peer);
        if (refusal != null) {
            LOG.warn("refused a connection from {}: {}", peer, refusal);
            session.closeNow();
            return;
        }
        MinaConnection connection =
                new MinaConnection(IDS.incrementAndGet(), (NioSession) session, peer, listener, reading);
        perAddress.merge(peer.getAddress().getHostAddress(), 1, Integer::sum);
        connections.put(session.getId(), connection);
        connection.begin(handler);
        if (draining) {
            connection.stopReading();
        }
    }

    private @org.jspecify.annotations.Nullable String refusal(InetSocketAddress peer) {
        if (connections.size() >= listener.connectionsMax()) {
            return "there are " + connections.size() + " connections already";
        }
        int here = perAddress.getOrDefault(peer.getAddress().getHostAddress(), 0);
        return here >= listener.connectionsPerAddressMax()
                ? "there are " + here + " connections from its address already"
                : null;
    }

    @Override
    public void sessionClosed(IoSession session) {
        MinaConnection connection = connections.remove(session.getId());
        if (connection != null) {
            perAddress.computeIfPresent(
                    connection.remoteAddress().getAddress().getHostAddress(),
                    (key, count) -> count == 1 ? null : count - 1);
            connection.ended();
        }
    }

    @Override
    public void sessionIdle(IoSession session, IdleStatus status) {
        LOG.debug("closing idle connection {}", session);
        session.closeNow();
    }

    @Override
    public void messageSent(IoSession session, Object message) {
        MinaConnection connection = connections.get(session.getId());
        if (connection != null) {
            connection.sent(message);
        }
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("connection {} failed", session, cause);
        } else {
            LOG.error("connection {} failed", session, cause);
        }
        session.closeNow();
    }

    // ---- the drain

    @Override
    public void stopReading() {
        draining = true;
        acceptor.unbind();
        for (MinaConnection connection : connections.values()) {
            connection.stopReading();
        }
        while (reading.get() > 0 && !Thread.currentThread().getName().startsWith("sluice-mina-")) {
            LockSupport.parkNanos(POLL_NANOS);
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
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(deadlineMs);
        if (!draining) {
            stopReading();
        }
        for (MinaConnection connection : connections.values()) {
            connection.finish();
        }
        while (!connections.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        for (MinaConnection connection : connections.values()) {
            connection.abandon();
        }
        dispose();
    }

    private void dispose() {
        acceptor.dispose();
        processors.dispose();
        threads.shutdown();
        boolean interrupted = false;
        try {
            if (!threads.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("threads of listener {} are still running", listener.name());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        for (MinaConnection connection : connections.values()) {
            connection.ended();
        }
        connections.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
