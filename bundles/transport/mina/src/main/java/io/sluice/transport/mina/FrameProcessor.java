package io.sluice.transport.mina;

import io.sluice.base.Time;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.file.FileRegion;
import org.apache.mina.core.polling.AbstractPollingIoProcessor;
import org.apache.mina.core.session.AttributeKey;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MINA's I/O processor with another way to read and write: from the socket straight into one direct buffer of its own, out of which
 * whole frames are handed on in place, and to the socket from the connection's queue. One thread.
 *
 * <p>What a connection wants of the selector is set here only, on that thread: MINA itself changes it from any thread, which
 * can lose the wish to write, and is not noticed before the next event.
 */
public final class FrameProcessor extends NioProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(FrameProcessor.class);
    private static final AttributeKey KEY = new AttributeKey(FrameProcessor.class, "processor");
    private static final int READ_BYTES = 256 * 1024;

    /** How often one connection is read from in its turn, as long as it fills the buffer. */
    private static final int READS_MAX = 4;

    /** As long as there is no memory for whole frames their beginnings are kept only, and these are short. */
    private static final int READ_BYTES_WHILE_SCARCE = 8 * 1024;

    private static final long SCARCE_MS = 1_000L;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final BufferPool pool = new BufferPool();
    private final IoThreads threads;
    /** Whose loop this is, and whether something came up in it that the next selection must not wait before. */
    private @Nullable Thread loop;

    private boolean cameUp;
    private boolean named;
    private boolean scarce;
    private long scarceSinceMs;

    /** Called by MINA's pool, with the {@link IoThreads} that it was given. */
    public FrameProcessor(Executor threads) {
        super(threads);
        this.threads = (IoThreads) threads;
        forgetClass();
    }

    static FrameProcessor of(NioSession session) {
        return (FrameProcessor) session.getAttribute(KEY);
    }

    /** MINA counts the threads of each class of processors in a static map, which would keep this bundle's class loader for ever. */
    private static void forgetClass() {
        try {
            Field counts = AbstractPollingIoProcessor.class.getDeclaredField("threadIds");
            counts.setAccessible(true);
            ((Map<?, ?>) counts.get(null)).remove(FrameProcessor.class);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("this version of the transport stays in memory after it is replaced: MINA keeps its class", e);
        }
    }

    /** For this processor's thread only. */
    BufferPool pool() {
        return pool;
    }

    Time time() {
        return threads.time();
    }

    /** A frame was not admitted. On this processor's thread. */
    void noteScarcity() {
        scarce = true;
        scarceSinceMs = threads.time().milliseconds();
    }

    /** How much may be read at once that nobody has admitted. On this processor's thread. */
    int readBytesMost() {
        if (scarce && threads.time().milliseconds() - scarceSinceMs > SCARCE_MS) {
            scarce = false;
        }
        return scarce ? READ_BYTES_WHILE_SCARCE : READ_BYTES;
    }

    @Override
    protected int select(long timeout) throws Exception {
        if (!named) {
            named = true;
            threads.restoreNames();
        }
        loop = Thread.currentThread();
        int selected = selectUnlessClosed(timeout);
        pool.trim(threads.time().milliseconds());
        return selected;
    }

    /**
     * MINA disposes of a processor by starting its loop once more, which may find that the last one closed the selector. It then ends
     * for want of sessions; 0 would look like a broken connection.
     */
    private int selectUnlessClosed(long timeout) throws Exception {
        try {
            if (cameUp) {
                cameUp = false;
                return selector.selectNow();
            }
            return super.select(timeout);
        } catch (ClosedSelectorException e) {
            LOG.trace("the selector was closed", e);
            return -1;
        }
    }

    /** The loop need not be woken from within itself, by a write to a pipe that it then has to read. */
    @Override
    protected void wakeup() {
        if (Thread.currentThread() == loop) {
            cameUp = true;
            wakeupCalled.set(true);
        } else {
            super.wakeup();
        }
    }

    @Override
    protected boolean isSelectorEmpty() {
        return !selector.isOpen() || super.isSelectorEmpty();
    }

    @Override
    protected int allSessionsCount() {
        return selector.isOpen() ? super.allSessionsCount() : 0;
    }

    @Override
    protected void init(NioSession session) throws Exception {
        super.init(session);
        session.setAttribute(KEY, this);
    }

    /** @return 0 when something was read and handled, which tells MINA that there is nothing for it to pass on */
    @Override
    protected int read(NioSession session, IoBuffer unused) throws Exception {
        MinaConnection connection = MinaConnection.of(session);
        if (connection == null) {
            return session.getChannel().read(buffer.clear()) < 0 ? -1 : 0;
        }
        int all = 0;
        for (int i = 0; i < READS_MAX; i++) {
            int read = connection.read(buffer);
            if (read < 0) {
                return -1;
            }
            all += read;
            if (read < READ_BYTES) {
                break;
            }
        }
        if (all > 0) {
            session.increaseReadBytes(all, threads.time().milliseconds());
        }
        return 0;
    }

    /** A connection that leaves stays open for whoever takes it over, once this processor's selector has let go of it. */
    @Override
    protected void destroy(NioSession session) throws Exception {
        MinaConnection connection = MinaConnection.of(session);
        if (connection == null || !connection.isLeaving()) {
            super.destroy(session);
            return;
        }
        SelectionKey key = connection.channel().keyFor(selector);
        if (key != null) {
            key.cancel();
        }
    }

    @Override
    protected int transferFile(NioSession session, FileRegion region, int length) throws Exception {
        return ((QueueRegion) region).write(length);
    }

    /** Any thread: the connection changed its mind about reading. */
    void wishChanged(NioSession session) {
        updateTrafficMask(session);
    }

    /** Called by the loop of this processor for what {@link #wishChanged} reported. */
    @Override
    public void updateTrafficControl(NioSession session) {
        MinaConnection connection = MinaConnection.of(session);
        if (connection == null) {
            return;
        }
        try {
            setInterestedInRead(session, connection.watch());
            setInterestedInWrite(
                    session,
                    session.getCurrentWriteRequest() != null
                            || !session.getWriteRequestQueue().isEmpty(session));
        } catch (Exception e) {
            session.getFilterChain().fireExceptionCaught(e);
            return;
        }
        connection.handOnUnwanted();
    }
}
