package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one listener, lent to one transport after the other. Between two of them it goes on listening, so that
 * clients wait instead of being refused; when none takes it for {@link #UNUSED_MS} it is closed, and they are refused.
 * Any thread.
 */
final class HeldSocket implements ListeningSocket {
    /** As long as a request waits for a part that is absent. */
    static final long UNUSED_MS = RequestDispatcher.PARKED_MS;

    private static final Logger LOG = LoggerFactory.getLogger(HeldSocket.class);

    private final ListenerConfig listener;
    private final Scheduler scheduler;
    private final Lingering lingering;
    private @Nullable ServerSocketChannel channel;
    private Scheduler.@Nullable Cancellable unused;
    private long loans;
    private boolean ended;

    HeldSocket(ListenerConfig listener, Scheduler scheduler, Lingering lingering) {
        this.listener = listener;
        this.scheduler = scheduler;
        this.lingering = lingering;
    }

    @Override
    public synchronized ServerSocketChannel channel() throws IOException {
        stopTimer();
        loans++;
        if (ended) {
            throw new IOException("listener " + listener.name() + " has been closed");
        }
        closeUnlessClean();
        ServerSocketChannel bound = channel;
        if (bound == null) {
            bound = bind();
            channel = bound;
        }
        return bound;
    }

    @Override
    public void linger(SocketChannel connection) {
        lingering.add(connection);
    }

    private ServerSocketChannel bind() throws IOException {
        InetSocketAddress address = listener.host().isEmpty()
                ? new InetSocketAddress(listener.port())
                : new InetSocketAddress(listener.host(), listener.port());
        ServerSocketChannel opened = ServerSocketChannel.open();
        try {
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (listener.receiveBufferBytes() > 0) {
                opened.setOption(StandardSocketOptions.SO_RCVBUF, listener.receiveBufferBytes());
            }
            opened.bind(address, listener.backlog());
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** The transport that had it is done with it: after it stopped reading, or could not be opened. */
    synchronized void returned() {
        closeUnlessClean();
        stopTimer();
        if (channel != null && !ended) {
            long now = loans;
            unused = scheduler.schedule(UNUSED_MS, () -> closeUnused(now));
        }
    }

    /** A channel that some selector still watches would keep a transport that is gone, and fail the next. */
    private void closeUnlessClean() {
        ServerSocketChannel now = channel;
        if (now != null && (!now.isOpen() || now.isRegistered() || now.isBlocking())) {
            LOG.warn("listener {}: the transport did not give its socket back as it got it", listener.name());
            close();
        }
    }

    private synchronized void closeUnused(long loansThen) {
        if (loans == loansThen && channel != null) {
            LOG.info(
                    "listener {}: no transport came within {} ms; clients are refused now", listener.name(), UNUSED_MS);
            close();
        }
    }

    /** Nobody connects any more, and no transport is lent the socket again. */
    synchronized void end() {
        ended = true;
        close();
    }

    private void close() {
        stopTimer();
        ServerSocketChannel now = channel;
        channel = null;
        if (now != null) {
            try {
                now.close();
            } catch (IOException e) {
                LOG.warn("the socket of listener {} did not close cleanly", listener.name(), e);
            }
        }
    }

    private void stopTimer() {
        Scheduler.Cancellable timer = unused;
        unused = null;
        if (timer != null) {
            timer.cancel();
        }
    }
}
