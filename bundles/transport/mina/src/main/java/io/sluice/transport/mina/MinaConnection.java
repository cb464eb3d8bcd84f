package io.sluice.transport.mina;

import io.sluice.protocol.OutboundFrame;
import io.sluice.transport.api.Connection;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.FrameHandler;
import io.sluice.transport.api.ListenerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. Answers are written by whoever sends them, straight to the socket, and those to frames that were read together
 * in one write; what the socket does not take at once waits until it does.
 *
 * <p>Its monitor guards the queue and the state of writing. Neither the kernel's handler nor MINA's filter chain is called
 * with it held, except to hand the queue to MINA.
 */
final class MinaConnection implements Connection, FrameAssembler.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(MinaConnection.class);
    private static final AttributeKey KEY = new AttributeKey(MinaConnection.class, "connection");

    /** So much is sent at once by one who must not be kept from other work; MINA goes on with the rest. */
    private static final long WRITTEN_AT_ONCE_MAX = 1L << 20;

    /** So much is held back while more frames of the same read are handled. */
    private static final long CORKED_MAX = 64L * 1024;

    private static final int PAUSED_BY_KERNEL = 1;
    private static final int PAUSED_BY_QUEUE = 2;
    private static final int PAUSED_BY_DRAIN = 4;

    private final long id;
    private final NioSession session;
    private final FrameProcessor processor;
    private final SocketChannel channel;
    private final InetSocketAddress peer;
    private final ListenerConfig listener;
    private final QuietLog log;
    private final FrameAssembler assembler;
    private final OutboundQueue queue;
    private final QueueRegion region = new QueueRegion(this);

    /** MINA has the queue and says when the socket takes more. */
    private boolean handedToMina;

    private @Nullable Thread corkedBy;
    /** Whether the selector watches for input, and whether something was read that is not handed on yet. */
    private boolean watched = true;

    private boolean heldBack;

    /** The processor was told that it is to look at the above again, and has not done so yet. */
    private boolean wishing;

    private boolean finishing;
    private boolean peerFinished;
    private boolean over;

    private volatile int pauses;
    private volatile boolean handling;
    private volatile boolean leaving;
    private volatile boolean open = true;
    private volatile String reason = "the peer closed it";
    private @Nullable FrameHandler handler;

    MinaConnection(long id, NioSession session, InetSocketAddress peer, ListenerConfig listener, QuietLog log) {
        this.id = id;
        this.session = session;
        this.processor = FrameProcessor.of(session);
        this.channel = (SocketChannel) session.getChannel();
        this.peer = peer;
        this.listener = listener;
        this.log = log;
        this.queue = new OutboundQueue(processor.time());
        this.assembler = new FrameAssembler(listener.frameBytesMax(), processor.pool());
    }

    static @Nullable MinaConnection of(IoSession session) {
        return (MinaConnection) session.getAttribute(KEY);
    }

    /** On the I/O thread, before the first read. */
    void begin(ConnectionHandler accepting) {
        session.setAttribute(KEY, this);
        try {
            handler = accepting.connected(this);
        } catch (RuntimeException | Error e) {
            LOG.error("the connection from {} could not be taken on", peer, e);
            fail("it could not be taken on");
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

    // ---- in, on the I/O thread

    /** @return bytes read, -1 at the end of the input */
    int read(ByteBuffer buffer) throws IOException {
        if (!wantsToRead()) {
            processor.updateTrafficControl(session);
            return 0;
        }
        int read = handOn(() -> assembler.read(channel, buffer, processor.readBytesMost(), this));
        noteHeldBack();
        return read;
    }

    /** Whoever resumed before this did not know that there is something to hand on; whoever does after it knows. */
    private synchronized void noteHeldBack() {
        heldBack = assembler.hasUnwanted();
        if (heldBack && wantsMore()) {
            wish();
        }
    }

    /** At most one wish waits for the processor's turn: its queue does not grow with who pauses and resumes faster than it looks. */
    private synchronized void wish() {
        if (!wishing) {
            wishing = true;
            processor.wishChanged(session);
        }
    }

    /** Reading may go on: first with what was read before. */
    void handOnUnwanted() {
        if (assembler.hasUnwanted() && wantsMore()) {
            try {
                handOn(() -> {
                    assembler.handOnUnwanted(this);
                    return 0;
                });
            } catch (IOException e) {
                fail(String.valueOf(e.getMessage()));
                return;
            }
            noteHeldBack();
            wish();
        }
    }

    private interface Reading {
        int run() throws IOException;
    }

    /** Collects the answers that are sent meanwhile; whatever goes wrong costs this connection and nothing else. */
    private int handOn(Reading reading) throws IOException {
        handling = true;
        synchronized (this) {
            corkedBy = Thread.currentThread();
        }
        try {
            return reading.run();
        } catch (FrameAssembler.BadSizeException e) {
            uncork();
            close(String.valueOf(e.getMessage()));
            return 0;
        } catch (RuntimeException | Error e) {
            log.error("closing the connection from " + peer + ": handling a frame failed", e);
            uncork();
            fail("handling a frame failed");
            return 0;
        } finally {
            handling = false;
            uncork();
        }
    }

    private synchronized void uncork() {
        corkedBy = null;
        flush();
    }

    @Override
    public void frame(ByteBuffer frame) {
        FrameHandler to = handler;
        if (to != null) {
            to.frame(frame);
        }
    }

    @Override
    public boolean admit(int bytes) {
        FrameHandler to = handler;
        if (to != null && !to.admit(bytes)) {
            processor.noteScarcity();
            return false;
        }
        return true;
    }

    @Override
    public void discharge(int bytes) {
        FrameHandler from = handler;
        if (from != null) {
            from.discharge(bytes);
        }
    }

    @Override
    public boolean wantsMore() {
        return open && pauses == 0;
    }

    /** Whether the socket is to be watched for input. */
    boolean wantsToRead() {
        return pauses == 0 && !assembler.hasUnwanted();
    }

    /** The same, for the selector, which is told what this returns. */
    synchronized boolean watch() {
        wishing = false;
        watched = wantsToRead();
        return watched;
    }

    /** Whether a frame is being handled now. */
    boolean isHandling() {
        return handling;
    }

    /** The peer will send no more. What it is owed already is sent. */
    void inputEnded() {
        synchronized (this) {
            peerFinished = true;
            if (!queue.isEmpty() && !over) {
                pause(PAUSED_BY_DRAIN);
                return;
            }
        }
        session.closeNow();
    }

    // ---- out, on any thread

    @Override
    public void send(OutboundFrame frame) {
        synchronized (this) {
            if (!over && open) {
                queue.add(frame);
                if (corkedBy != Thread.currentThread()
                        || queue.bytes() >= Math.min(CORKED_MAX, listener.queuedBytesMax())) {
                    flush();
                }
                return;
            }
        }
        OutboundQueue.release(frame);
    }

    private void flush() {
        if (!handedToMina && !queue.isEmpty() && open) {
            try {
                queue.writeTo(channel, WRITTEN_AT_ONCE_MAX);
            } catch (IOException e) {
                writingFailed(e);
                return;
            }
            if (!queue.isEmpty()) {
                handedToMina = true;
                session.write(region);
            }
        }
        if (queue.bytes() > listener.queuedBytesMax()) {
            pause(PAUSED_BY_QUEUE);
        }
    }

    private void writingFailed(IOException e) {
        failed("writing failed: " + e.getMessage(), e);
    }

    /** The socket takes more; called on the I/O thread. */
    synchronized long writeQueued(int most) throws IOException {
        if (!open) {
            return 0L;
        }
        long written;
        try {
            written = queue.writeTo(channel, most);
        } catch (IOException e) {
            writingFailed(e);
            throw e;
        }
        if (queue.bytes() <= listener.queuedBytesMax() / 2) {
            unpause(PAUSED_BY_QUEUE);
        }
        return written;
    }

    synchronized long queuedBytes() {
        return queue.bytes();
    }

    /** MINA has found the queue empty. */
    void queueSent() {
        boolean end;
        synchronized (this) {
            handedToMina = false;
            flush();
            end = peerFinished && queue.isEmpty();
            if (finishing && queue.isEmpty()) {
                leave();
            }
        }
        if (end) {
            session.closeNow();
        }
    }

    // ---- the reasons not to read

    @Override
    public synchronized void pauseReading() {
        pause(PAUSED_BY_KERNEL);
    }

    @Override
    public synchronized void resumeReading() {
        unpause(PAUSED_BY_KERNEL);
    }

    /** No frame is handed on that is not being handed on now. */
    synchronized void stopReading() {
        pause(PAUSED_BY_DRAIN);
    }

    /** The selector hears of it only when more comes meanwhile: most pauses end before. */
    private void pause(int cause) {
        pauses = pauses | cause;
    }

    private void unpause(int cause) {
        int before = pauses;
        pauses = before & ~cause;
        if (before == cause && (!watched || heldBack)) {
            wish();
        }
    }

    // ---- the end

    /** Sends what is queued, says that there is no more, and lets the channel go. */
    synchronized void finish() {
        finishing = true;
        flush();
        if (queue.isEmpty()) {
            leave();
        }
    }

    private void leave() {
        if (over || !open) {
            return;
        }
        try {
            channel.shutdownOutput();
            leaving = true;
        } catch (IOException e) {
            LOG.debug("the output of {} was shut already", peer, e);
        }
        fail("the listener was closed");
    }

    /** Whether its channel stays open when MINA closes the session. */
    boolean isLeaving() {
        return leaving;
    }

    SocketChannel channel() {
        return channel;
    }

    @Override
    public void close(String why) {
        if (open) {
            log.info("closing the connection from " + peer + ": " + why);
        }
        fail(why);
    }

    /** Reading or writing failed. That peers go away is nothing to tell people; all else is, once for each connection. */
    void failed(String why, IOException cause) {
        if (!open || PeerGone.isCause(cause, channel)) {
            LOG.debug("closing the connection from {}: {}", peer, why);
        } else {
            log.warn("closing the connection from " + peer + ": " + why);
        }
        fail(why);
    }

    /** Closes without a word in the log. */
    void fail(String why) {
        if (open) {
            reason = why;
            open = false;
        }
        session.closeNow();
    }

    /** MINA has closed the session; on the I/O thread, or when there is none any more. */
    void ended() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            open = false;
            queue.clear();
        }
        assembler.clear(this);
        FrameHandler told = handler;
        if (told != null) {
            try {
                told.closed(reason);
            } catch (RuntimeException | Error e) {
                LOG.error("the end of the connection from {} was not handled", peer, e);
            }
        }
    }
}
