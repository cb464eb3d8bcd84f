package io.sluice.transport.mina;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.OutboundFrame;
import io.sluice.protocol.OutboundPart;
import io.sluice.protocol.Records;
import io.sluice.storage.api.FileSlice;
import io.sluice.transport.api.Connection;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.FrameHandler;
import io.sluice.transport.api.ListenerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. Answers are written by whoever sends them, straight to the socket; what the socket does not take at once is
 * queued with MINA, and so is all that follows until the queue is empty again, so that frames leave whole and in order.
 */
final class MinaConnection implements Connection, FrameAssembler.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(MinaConnection.class);
    private static final AttributeKey KEY = new AttributeKey(MinaConnection.class, "connection");

    private static final int PAUSED_BY_KERNEL = 1;
    private static final int PAUSED_BY_QUEUE = 2;
    private static final int PAUSED_BY_DRAIN = 4;

    private final long id;
    private final NioSession session;
    private final SocketChannel channel;
    private final InetSocketAddress peer;
    private final ListenerConfig listener;
    private final AtomicInteger reading;
    private final FrameAssembler assembler;

    /** The last message of each frame that MINA has queued, in order. */
    private final ArrayDeque<Queued> queued = new ArrayDeque<>();

    private long queuedBytes;
    private int pauses;
    private boolean finishing;
    private boolean over;
    private volatile boolean discarding;
    private volatile boolean open = true;
    private volatile String reason = "the peer closed it";
    private @Nullable FrameHandler handler;

    private record Queued(OutboundFrame frame, Object last, long bytes) {}

    MinaConnection(
            long id, NioSession session, InetSocketAddress peer, ListenerConfig listener, AtomicInteger reading) {
        this.id = id;
        this.session = session;
        this.channel = (SocketChannel) session.getChannel();
        this.peer = peer;
        this.listener = listener;
        this.reading = reading;
        this.assembler = new FrameAssembler(listener.frameBytesMax());
    }

    static @Nullable MinaConnection of(IoSession session) {
        return (MinaConnection) session.getAttribute(KEY);
    }

    void begin(ConnectionHandler accepting) {
        handler = accepting.connected(this);
        session.setAttribute(KEY, this);
    }

    @Override
    public FrameHandler handler() {
        return java.util.Objects.requireNonNull(handler);
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

    int read(ByteBuffer buffer) throws IOException {
        if (discarding) {
            return channel.read(buffer.clear());
        }
        reading.incrementAndGet();
        try {
            return assembler.read(channel, buffer, this);
        } catch (FrameAssembler.BadSizeException e) {
            close(e.getMessage());
            return 0;
        } catch (RuntimeException | LinkageError e) {
            LOG.error("handling a frame of {} failed", peer, e);
            close("handling a frame failed");
            return 0;
        } finally {
            reading.decrementAndGet();
        }
    }

    // ---- out, on any thread

    @Override
    public void send(OutboundFrame frame) {
        boolean done;
        synchronized (this) {
            if (over) {
                done = true;
            } else {
                done = write(frame);
            }
        }
        if (done) {
            frame.release();
        }
    }

    /** @return true when the frame is done with: it was written whole, or can never be */
    private boolean write(OutboundFrame frame) {
        List<OutboundPart> parts = frame.parts();
        int at = 0;
        long sent = 0L;
        try {
            if (queued.isEmpty()) {
                while (at < parts.size()) {
                    sent = writeNow(parts.get(at));
                    if (sent < parts.get(at).sizeInBytes()) {
                        break;
                    }
                    sent = 0L;
                    at++;
                }
            }
        } catch (IOException e) {
            LOG.debug("writing to {} failed", peer, e);
            fail("writing failed: " + e.getMessage());
            return true;
        }
        if (at == parts.size()) {
            return true;
        }
        queue(frame, at, sent);
        return false;
    }

    private long writeNow(OutboundPart part) throws IOException {
        if (part instanceof OutboundPart.Bytes bytes) {
            return channel.write(bytes.buffer().duplicate());
        }
        Records records = ((OutboundPart.Payload) part).records();
        if (records instanceof FileSlice slice) {
            long sent = 0L;
            while (sent < slice.sizeInBytes()) {
                long now = slice.transferTo(sent, channel);
                if (now <= 0L) {
                    break;
                }
                sent += now;
            }
            return sent;
        }
        return channel.write(((ByteBufferRecords) records).buffer().duplicate());
    }

    private void queue(OutboundFrame frame, int from, long sent) {
        List<OutboundPart> parts = frame.parts();
        long bytes = 0L;
        Object last = parts;
        Object[] messages = new Object[parts.size() - from];
        for (int i = from; i < parts.size(); i++) {
            long already = i == from ? sent : 0L;
            last = message(parts.get(i), already);
            bytes += parts.get(i).sizeInBytes() - already;
            messages[i - from] = last;
        }
        queued.add(new Queued(frame, last, bytes));
        queuedBytes += bytes;
        if (queuedBytes > listener.queuedBytesMax()) {
            pause(PAUSED_BY_QUEUE);
        }
        for (Object message : messages) {
            session.write(message);
        }
    }

    private static Object message(OutboundPart part, long sent) {
        if (part instanceof OutboundPart.Bytes bytes) {
            return rest(bytes.buffer(), sent);
        }
        Records records = ((OutboundPart.Payload) part).records();
        return records instanceof FileSlice slice
                ? new SliceRegion(slice, sent)
                : rest(((ByteBufferRecords) records).buffer(), sent);
    }

    private static IoBuffer rest(ByteBuffer buffer, long sent) {
        ByteBuffer rest = buffer.duplicate();
        rest.position(rest.position() + (int) sent);
        return IoBuffer.wrap(rest.slice());
    }

    /** MINA has written a message of the queue. */
    void sent(Object message) {
        OutboundFrame done = null;
        boolean shutdown = false;
        synchronized (this) {
            Queued first = queued.peek();
            if (first != null && first.last() == message) {
                queued.poll();
                queuedBytes -= first.bytes();
                done = first.frame();
                if (queuedBytes <= listener.queuedBytesMax() / 2) {
                    unpause(PAUSED_BY_QUEUE);
                }
                shutdown = finishing && queued.isEmpty();
            }
        }
        if (done != null) {
            done.release();
        }
        if (shutdown) {
            shutdownOutput();
        }
    }

    // ---- the reasons not to read

    @Override
    public void pauseReading() {
        synchronized (this) {
            pause(PAUSED_BY_KERNEL);
        }
    }

    @Override
    public void resumeReading() {
        synchronized (this) {
            unpause(PAUSED_BY_KERNEL);
        }
    }

    void stopReading() {
        synchronized (this) {
            pause(PAUSED_BY_DRAIN);
        }
    }

    private void pause(int cause) {
        if (pauses == 0) {
            session.suspendRead();
        }
        pauses |= cause;
    }

    private void unpause(int cause) {
        if (pauses == 0) {
            return;
        }
        pauses &= ~cause;
        if (pauses == 0) {
            session.resumeRead();
        }
    }

    // ---- the end

    /** Sends what is queued, says that there is no more, and waits for the peer to say the same. */
    void finish() {
        boolean now;
        synchronized (this) {
            finishing = true;
            now = queued.isEmpty();
        }
        if (now) {
            shutdownOutput();
        }
    }

    private void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            LOG.debug("the output of {} was shut already", peer, e);
        }
        discarding = true;
        synchronized (this) {
            pauses = PAUSED_BY_DRAIN;
            unpause(PAUSED_BY_DRAIN);
        }
    }

    /** The time to finish is over. */
    void abandon() {
        reason = "the listener was closed";
        session.closeNow();
    }

    @Override
    public void close(String why) {
        LOG.info("closing the connection from {}: {}", peer, why);
        fail(why);
    }

    private void fail(String why) {
        reason = why;
        open = false;
        session.closeNow();
    }

    /** MINA has closed the session. */
    void ended() {
        Queued[] left;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            open = false;
            left = queued.toArray(new Queued[0]);
            queued.clear();
        }
        for (Queued one : left) {
            one.frame().release();
        }
        FrameHandler told = handler;
        if (told != null) {
            told.closed(reason);
        }
    }
}
