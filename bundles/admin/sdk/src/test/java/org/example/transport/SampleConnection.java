package org.example.transport;

import io.sluice.base.Time;
import io.sluice.protocol.OutboundFrame;
import io.sluice.transport.api.Connection;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.FrameHandler;
import io.sluice.transport.api.ListenerConfig;
import io.sluice.transport.api.ListeningSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One peer. Its frames and its end are told on the transport's thread; what is sent is guarded by this object's monitor. */
final class SampleConnection implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(SampleConnection.class);
    private static final int FRAMES_PER_TURN = 64;

    private static final int PAUSED_BY_KERNEL = 1;
    private static final int PAUSED_BY_QUEUE = 2;
    private static final int PAUSED_BY_DRAIN = 4;

    private final long id;
    private final InetSocketAddress peer;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ListenerConfig listener;
    private final SampleTransport transport;
    private final FrameReader frames;
    private final AnswerQueue queue = new AnswerQueue();
    private @Nullable FrameHandler handler;
    private int pauses;
    private boolean inputEnded;
    private boolean left;
    private volatile boolean open = true;
    private volatile long lastTraffic;
    private String reason = "";

    SampleConnection(
            long id,
            InetSocketAddress peer,
            SocketChannel channel,
            SelectionKey key,
            ListenerConfig listener,
            SampleTransport transport) {
        this.id = id;
        this.peer = peer;
        this.channel = channel;
        this.key = key;
        this.listener = listener;
        this.transport = transport;
        this.frames = new FrameReader(listener.frameBytesMax());
        touch();
    }

    void begin(ConnectionHandler accepting) {
        try {
            handler = accepting.connected(this);
        } catch (RuntimeException | Error e) {
            LOG.error("the connection from {} could not be taken on", peer, e);
            close("it could not be taken on");
        }
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return peer;
    }

    @Override
    public String listenerName() {
        return listener.name();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    long lastTraffic() {
        return lastTraffic;
    }

    void touch() {
        lastTraffic = Time.SYSTEM.nanoseconds();
    }

    // ---- frames, on the transport's thread

    void ready() {
        synchronized (this) {
            flush();
        }
        receive();
    }

    private void receive() {
        FrameHandler to = handler;
        try {
            for (int i = 0; i < FRAMES_PER_TURN && to != null && mayRead(); i++) {
                ByteBuffer frame = frames.next(channel, to);
                if (frame == null) {
                    break;
                }
                touch();
                try {
                    to.frame(frame);
                } finally {
                    frames.discharge(to);
                }
            }
        } catch (IOException e) {
            close(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("handling a frame of {} failed", peer, e);
            close("handling a frame failed");
        }
        synchronized (this) {
            inputEnded |= frames.isAtEnd();
            endIfDone();
            updateInterest();
        }
    }

    private synchronized boolean mayRead() {
        return open && pauses == 0 && !inputEnded;
    }

    /** The peer has finished, and has got everything. */
    private void endIfDone() {
        if (inputEnded && queue.isEmpty() && !left) {
            close("the peer closed it");
        }
    }

    // ---- answers, on any thread

    @Override
    public void send(OutboundFrame frame) {
        synchronized (this) {
            if (open && !left) {
                queue.add(frame);
                flush();
                return;
            }
        }
        frame.release();
    }

    private void flush() {
        if (!open || left) {
            return;
        }
        try {
            if (queue.writeTo(channel)) {
                touch();
            }
        } catch (IOException e) {
            close("writing failed: " + e.getMessage());
            return;
        }
        if (queue.bytes() > listener.queuedBytesMax()) {
            pauses |= PAUSED_BY_QUEUE;
        } else if (queue.bytes() <= listener.queuedBytesMax() / 2L) {
            pauses &= ~PAUSED_BY_QUEUE;
        }
        endIfDone();
        updateInterest();
    }

    private void updateInterest() {
        if (!open || left || !key.isValid()) {
            return;
        }
        int wanted =
                (pauses == 0 && !inputEnded ? SelectionKey.OP_READ : 0) | (queue.isEmpty() ? 0 : SelectionKey.OP_WRITE);
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
            if (!transport.isOwnThread()) {
                key.selector().wakeup();
            }
        }
    }

    // ---- the reasons not to read

    @Override
    public synchronized void pauseReading() {
        pauses |= PAUSED_BY_KERNEL;
        updateInterest();
    }

    @Override
    public synchronized void resumeReading() {
        pauses &= ~PAUSED_BY_KERNEL;
        updateInterest();
    }

    synchronized void stopReading() {
        pauses |= PAUSED_BY_DRAIN;
        updateInterest();
    }

    // ---- the end

    @Override
    public void close(String why) {
        synchronized (this) {
            if (!open) {
                return;
            }
            open = false;
            reason = why;
            queue.clear();
            closeChannel();
        }
        LOG.info("the connection from {} is closed: {}", peer, why);
        transport.later(this::end);
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("the connection from {} did not close cleanly", peer, e);
        }
    }

    private void end() {
        FrameHandler told = handler;
        if (told != null) {
            try {
                frames.discharge(told);
                told.closed(reason);
            } catch (RuntimeException | Error e) {
                LOG.error("the end of the connection from {} was not handled", peer, e);
            }
        }
        transport.ended(this);
    }

    /** Says that nothing more comes, if nothing more is to be sent, and gives up its registration. */
    synchronized boolean leave() {
        if (!open || left || !queue.isEmpty()) {
            return false;
        }
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            close("it could not be finished: " + e.getMessage());
            return false;
        }
        left = true;
        key.cancel();
        return true;
    }

    /** After {@link #leave}: what the peer still sends is another's to discard. */
    void lingerAt(ListeningSocket socket) {
        synchronized (this) {
            open = false;
            reason = "the listener closed";
        }
        socket.linger(channel);
        end();
    }
}
