package io.sluice.transport.loopback;

import io.sluice.base.Time;
import io.sluice.protocol.OutboundFrame;
import io.sluice.transport.api.Connection;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.FrameHandler;
import io.sluice.transport.api.ListenerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection within the process. Input is handled by one run at a time on the transport's executor; answers go into the pipe on the
 * thread that sends them, or when the peer has made room.
 */
final class LoopbackConnection implements Connection {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackConnection.class);

    private static final int PAUSED_BY_KERNEL = 1;
    private static final int PAUSED_BY_QUEUE = 2;
    private static final int PAUSED_BY_DRAIN = 4;

    private final long id;
    private final InetSocketAddress peer;
    private final ListenerConfig listener;
    private final Executor executor;
    private final Time time;
    private final Consumer<LoopbackConnection> whenEnded;
    private final LoopbackPipe input = new LoopbackPipe(this::wake);
    private final LoopbackPipe output = new LoopbackPipe(this::wake);
    private final FrameReader frames;
    private final AnswerQueue queue = new AnswerQueue();

    /** Events that the present run has not seen; the one who makes it 1 starts a run. */
    private final AtomicInteger events = new AtomicInteger();

    private int pauses;
    private boolean finishing;
    private boolean inputEnded;
    private boolean handling;
    private volatile @Nullable Thread handlingThread;
    private boolean outputShut;
    private boolean over;
    private volatile boolean open = true;
    private volatile String reason = "the peer closed it";
    private volatile long lastTraffic;
    private volatile @Nullable FrameHandler handler;

    LoopbackConnection(
            long id,
            InetSocketAddress peer,
            ListenerConfig listener,
            Executor executor,
            Time time,
            Consumer<LoopbackConnection> whenEnded) {
        this.id = id;
        this.peer = peer;
        this.listener = listener;
        this.executor = executor;
        this.time = time;
        this.whenEnded = whenEnded;
        this.frames = new FrameReader(listener.frameBytesMax());
        this.lastTraffic = time.nanoseconds();
    }

    LoopbackPeer refused() {
        open = false;
        input.reset();
        output.end();
        return new LoopbackPeer(input, output);
    }

    LoopbackPeer begin(ConnectionHandler accepting) {
        events.incrementAndGet();
        executor.execute(() -> {
            try {
                handler = accepting.connected(this);
            } catch (RuntimeException | Error e) {
                LOG.error("the connection from {} could not be taken on", peer, e);
                fail("it could not be taken on");
            }
            run();
        });
        return new LoopbackPeer(input, output);
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

    // ---- the run

    private void wake() {
        if (events.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    private void run() {
        int seen;
        do {
            seen = events.get();
            flush();
            receive();
            end();
        } while (!events.compareAndSet(seen, 0));
    }

    private void receive() {
        FrameHandler to = handler;
        try {
            while (to != null && beginHandling()) {
                ByteBuffer frame;
                try {
                    frame = frames.next(input);
                    if (frame != null) {
                        lastTraffic = time.nanoseconds();
                        to.frame(frame);
                    }
                } finally {
                    endHandling();
                }
                if (frame == null) {
                    break;
                }
            }
            discard();
        } catch (FrameReader.BadSizeException e) {
            close(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("closing the connection from {}: handling a frame failed", peer, e);
            fail("handling a frame failed");
        }
        if (frames.isAtEnd()) {
            synchronized (this) {
                inputEnded = true;
            }
        }
    }

    private synchronized boolean beginHandling() {
        if (!open || pauses != 0 || outputShut || frames.isAtEnd()) {
            return false;
        }
        handling = true;
        handlingThread = Thread.currentThread();
        return true;
    }

    private synchronized void endHandling() {
        handling = false;
        handlingThread = null;
        notifyAll();
    }

    private void discard() throws IOException {
        boolean now;
        synchronized (this) {
            now = outputShut && open;
        }
        if (now) {
            frames.discard(input);
        }
    }

    /** Ends the connection if its time has come. */
    private void end() {
        synchronized (this) {
            boolean finished = inputEnded && queue.isEmpty();
            if (over || (open && !finished)) {
                return;
            }
            over = true;
            open = false;
            queue.clear();
        }
        boolean unread = !input.isEmpty();
        input.reset();
        if (unread) {
            output.reset();
        } else {
            output.end();
        }
        FrameHandler told = handler;
        if (told != null) {
            try {
                told.closed(reason);
            } catch (RuntimeException | Error e) {
                LOG.error("the end of the connection from {} was not handled", peer, e);
            }
        }
        whenEnded.accept(this);
    }

    // ---- answers

    @Override
    public void send(OutboundFrame frame) {
        synchronized (this) {
            if (open && !outputShut) {
                queue.add(frame);
                flush();
                return;
            }
        }
        AnswerQueue.release(frame);
    }

    private synchronized void flush() {
        if (!open || outputShut) {
            return;
        }
        try {
            if (queue.writeTo(output.channel())) {
                lastTraffic = time.nanoseconds();
            }
        } catch (IOException e) {
            LOG.info("closing the connection from {}: writing failed: {}", peer, e.getMessage());
            fail("writing failed: " + e.getMessage());
            return;
        }
        if (queue.bytes() > listener.queuedBytesMax()) {
            pauses |= PAUSED_BY_QUEUE;
        } else if (queue.bytes() <= listener.queuedBytesMax() / 2) {
            pauses &= ~PAUSED_BY_QUEUE;
        }
        if (finishing && queue.isEmpty()) {
            outputShut = true;
            output.end();
        }
    }

    // ---- the reasons not to read

    @Override
    public synchronized void pauseReading() {
        pauses |= PAUSED_BY_KERNEL;
    }

    @Override
    public void resumeReading() {
        synchronized (this) {
            pauses &= ~PAUSED_BY_KERNEL;
        }
        wake();
    }

    synchronized void stopReading() {
        pauses |= PAUSED_BY_DRAIN;
    }

    /** Returns when no frame is being handled, except by the caller. */
    synchronized void awaitHandled(long end) {
        while (handling && handlingThread != Thread.currentThread()) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(end - time.nanoseconds());
            if (leftMs <= 0) {
                LOG.warn("a frame of {} is still being handled", peer);
                return;
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    // ---- the end

    /** Sends what is queued, says that there is no more, and waits for the peer to say the same. */
    void finish() {
        synchronized (this) {
            finishing = true;
        }
        wake();
    }

    @Override
    public void close(String why) {
        LOG.info("closing the connection from {}: {}", peer, why);
        fail(why);
    }

    /** Closes without a word in the log. */
    void fail(String why) {
        synchronized (this) {
            if (open) {
                open = false;
                reason = why;
            }
        }
        wake();
    }
}
