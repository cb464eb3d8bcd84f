package io.sluice.transport.mina;

import io.sluice.base.Time;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import io.sluice.transport.api.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.service.SimpleIoProcessorPool;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.SocketSessionConfig;
import org.apache.mina.transport.socket.nio.NioSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener on MINA's NIO acceptor, with as many {@link FrameProcessor}s as it has I/O threads. */
final class MinaTransport extends IoHandlerAdapter implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(MinaTransport.class);

    /** MINA allocates a buffer of this size for each read; ours is read into instead, so it is as small as MINA takes. */
    private static final int MINA_READ_BUFFER_BYTES = 64;

    /** MINA derives from it how much it writes to one session in its turn. */
    private static final int MINA_READ_BUFFER_MAX_BYTES = 256 * 1024;

    /** What a frame that is being handled may take when the listener stops. */
    private static final long HANDLING_MS = 2_000L;

    private static final long HANDLING_POLL_NANOS = 50_000L;
    /** A peer that takes nothing for so long, while the listener closes, is given up. */
    private static final long STUCK_NANOS = 250_000_000L;

    private static final long STUCK_POLL_MS = 50L;
    private static final long END_OF_THREADS_MS = 2_000L;
    private static final AtomicLong IDS = new AtomicLong();

    private final ListenerConfig listener;
    private final ListeningSocket socket;
    private final ConnectionHandler handler;
    private final Time time;
    private final IoThreads threads;
    private final SimpleIoProcessorPool<NioSession> processors;
    private final LentAcceptor acceptor;
    private final Admission admission;
    private final QuietLog log;
    private final Map<Long, MinaConnection> connections = new ConcurrentHashMap<>();
    private final Queue<SocketChannel> left = new ConcurrentLinkedQueue<>();
    private final Object changes = new Object();
    private final InetSocketAddress address;
    private volatile boolean draining;
    private volatile boolean closing;
    private boolean closed;

    private MinaTransport(ListenerConfig listener, ListeningSocket socket, ConnectionHandler handler, Time time)
            throws IOException {
        ServerSocketChannel bound = socket.channel();
        this.listener = listener;
        this.socket = socket;
        this.handler = handler;
        this.time = time;
        this.address = (InetSocketAddress) bound.getLocalAddress();
        this.log = new QuietLog(LOG, time);
        this.admission = new Admission(listener, time);
        this.threads = new IoThreads(listener.name(), time);
        this.processors = new SimpleIoProcessorPool<>(FrameProcessor.class, threads, listener.ioThreads(), null);
        this.acceptor = new LentAcceptor(bound, threads, processors);
    }

    static MinaTransport open(ListenerConfig listener, ListeningSocket socket, ConnectionHandler handler, Time time)
            throws IOException {
        MinaTransport transport = new MinaTransport(listener, socket, handler, time);
        try {
            transport.begin();
            return transport;
        } catch (IOException | RuntimeException e) {
            transport.dispose();
            throw e;
        }
    }

    private void begin() throws IOException {
        acceptor.setCloseOnDeactivation(false);
        acceptor.setHandler(this);
        SocketSessionConfig config = acceptor.getSessionConfig();
        config.setTcpNoDelay(true);
        config.setKeepAlive(true);
        // MINA would count from the last write that it made itself; most are made past it
        config.setWriteTimeout(0);
        config.setMinReadBufferSize(MINA_READ_BUFFER_BYTES);
        config.setReadBufferSize(MINA_READ_BUFFER_BYTES);
        config.setMaxReadBufferSize(MINA_READ_BUFFER_MAX_BYTES);
        if (listener.sendBufferBytes() > 0) {
            config.setSendBufferSize(listener.sendBufferBytes());
        }
        if (listener.receiveBufferBytes() > 0) {
            config.setReceiveBufferSize(listener.receiveBufferBytes());
        }
        if (listener.idleMs() > 0) {
            long seconds = TimeUnit.MILLISECONDS.toSeconds(listener.idleMs());
            config.setIdleTime(IdleStatus.BOTH_IDLE, (int) Math.max(1L, Math.min(Integer.MAX_VALUE, seconds)));
        }
        acceptor.bind(address);
        threads.restoreNames();
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
        if (peer == null || !admission.admit(peer)) {
            session.closeNow();
            return;
        }
        MinaConnection connection =
                new MinaConnection(IDS.incrementAndGet(), (NioSession) session, peer, listener, log);
        connections.put(session.getId(), connection);
        connection.begin(handler);
        if (draining) {
            connection.stopReading();
        }
        if (closing) {
            connection.finish();
        }
    }

    @Override
    public void sessionClosed(IoSession session) {
        MinaConnection connection = connections.get(session.getId());
        if (connection != null) {
            connection.ended();
            admission.left(connection.remoteAddress());
            connections.remove(session.getId());
            if (connection.isLeaving()) {
                left.add(connection.channel());
            }
            synchronized (changes) {
                changes.notifyAll();
            }
        }
    }

    @Override
    public void inputClosed(IoSession session) {
        MinaConnection connection = MinaConnection.of(session);
        if (connection == null) {
            session.closeNow();
        } else {
            connection.inputEnded();
        }
    }

    @Override
    public void sessionIdle(IoSession session, IdleStatus status) {
        MinaConnection connection = MinaConnection.of(session);
        if (connection == null) {
            session.closeNow();
            return;
        }
        LOG.debug(
                "closing the connection from {}: no traffic for {} ms", connection.remoteAddress(), listener.idleMs());
        connection.fail("no traffic for " + listener.idleMs() + " ms");
    }

    @Override
    public void messageSent(IoSession session, Object message) {
        MinaConnection connection = MinaConnection.of(session);
        if (connection != null) {
            connection.queueSent();
        }
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
        MinaConnection connection = MinaConnection.of(session);
        if (connection == null) {
            LOG.debug("the connection {} failed before it was taken on", session, cause);
            session.closeNow();
        } else if (cause instanceof IOException failure) {
            connection.failed(String.valueOf(failure.getMessage()), failure);
        } else {
            LOG.error("the connection {} failed", session, cause);
            connection.fail(String.valueOf(cause.getMessage()));
        }
    }

    // ---- the drain

    @Override
    public void stopReading() {
        draining = true;
        acceptor.unbind();
        for (MinaConnection connection : connections.values()) {
            connection.stopReading();
        }
        if (threads.isOneOf(Thread.currentThread())) {
            return;
        }
        long end = time.nanoseconds() + TimeUnit.MILLISECONDS.toNanos(HANDLING_MS);
        for (MinaConnection connection : connections.values()) {
            while (connection.isHandling()) {
                if (time.nanoseconds() - end > 0) {
                    LOG.warn("a frame of {} is still being handled", connection.remoteAddress());
                    break;
                }
                LockSupport.parkNanos(HANDLING_POLL_NANOS);
            }
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
        if (!draining) {
            stopReading();
        }
        closing = true;
        for (MinaConnection connection : connections.values()) {
            connection.finish();
        }
        awaitFlushed(end);
        for (MinaConnection connection : connections.values()) {
            connection.fail("the listener was closed");
        }
        dispose();
    }

    /** Waits until every connection has left; one whose peer takes nothing of what it is owed is not waited for. */
    private void awaitFlushed(long end) {
        Map<MinaConnection, Progress> progress = new HashMap<>();
        boolean interrupted = false;
        while (!connections.isEmpty() && !interrupted && time.nanoseconds() - end < 0) {
            long now = time.nanoseconds();
            for (MinaConnection connection : connections.values()) {
                long queued = connection.queuedBytes();
                Progress before = progress.get(connection);
                if (before == null || before.queued() != queued) {
                    progress.put(connection, new Progress(queued, now));
                } else if (now - before.sinceNanos() > STUCK_NANOS) {
                    connection.close("it does not read what it is owed, and the listener closes");
                }
            }
            interrupted = awaitChange(Math.min(STUCK_POLL_MS, TimeUnit.NANOSECONDS.toMillis(end - now) + 1L));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private record Progress(long queued, long sinceNanos) {}

    private boolean awaitChange(long mostMs) {
        synchronized (changes) {
            try {
                if (!connections.isEmpty()) {
                    changes.wait(mostMs);
                }
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        }
    }

    private void dispose() {
        acceptor.dispose();
        processors.dispose();
        if (!threads.awaitEnd(END_OF_THREADS_MS)) {
            LOG.warn("threads of listener {} are still running", listener.name());
        }
        for (MinaConnection connection : connections.values()) {
            connection.ended();
        }
        connections.clear();
        left.forEach(socket::linger);
        left.clear();
        log.close();
    }
}
