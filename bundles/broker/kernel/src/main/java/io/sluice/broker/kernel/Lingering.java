package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that were told that nothing more comes, and whose peers have not closed yet. What they still send is read and
 * dropped: to close with unread input would reset the connection, and destroy answers on their way. No transport has to
 * wait for them. Looked after every {@link #POLL_MS} on the scheduler, as long as there are any.
 */
final class Lingering {
    /** How long a peer has to close; one that is gone never does. */
    static final long LINGER_MS = 5_000L;

    static final long POLL_MS = 10L;

    private static final Logger LOG = LoggerFactory.getLogger(Lingering.class);
    private static final int BUFFER_BYTES = 64 * 1024;

    /** What is read from one connection in its turn: one that sends without end must not keep the others waiting. */
    private static final int TURN_BYTES_MAX = 1 << 20;

    private final Scheduler scheduler;
    private final Time time;
    private final List<Leaving> all = new ArrayList<>();
    private @Nullable ByteBuffer buffer;
    private boolean polling;

    private record Leaving(SocketChannel channel, long endNanos) {}

    Lingering(Scheduler scheduler, Time time) {
        this.scheduler = scheduler;
        this.time = time;
    }

    /** Takes a connection over; it is looked after once {@link #watch} was called. */
    synchronized void add(SocketChannel channel) {
        if (channel.isBlocking() || channel.isRegistered()) {
            LOG.warn("a connection of a transport that left is closed at once: it was not given up whole");
            close(channel);
            return;
        }
        all.add(new Leaving(channel, time.nanoseconds() + LINGER_MS * 1_000_000L));
    }

    /**
     * Begins to look after them. Not called by a transport, nor by what it calls: a thread that the scheduler begins keeps
     * the classes of those on whose stack it was begun.
     */
    synchronized void watch() {
        if (!polling && !all.isEmpty()) {
            polling = true;
            scheduler.schedule(POLL_MS, this::poll);
        }
    }

    private synchronized void poll() {
        ByteBuffer into = buffer;
        if (into == null) {
            into = ByteBuffer.allocateDirect(BUFFER_BYTES);
            buffer = into;
        }
        long now = time.nanoseconds();
        for (Leaving leaving : List.copyOf(all)) {
            if (isOver(leaving.channel(), into) || now - leaving.endNanos() > 0) {
                close(leaving.channel());
                all.remove(leaving);
            }
        }
        polling = false;
        watch();
        if (!polling) {
            buffer = null;
        }
    }

    private static boolean isOver(SocketChannel channel, ByteBuffer into) {
        try {
            for (int all = 0; all < TURN_BYTES_MAX; ) {
                int read = channel.read(into.clear());
                if (read < 0) {
                    return true;
                }
                if (read == 0) {
                    return false;
                }
                all += read;
            }
            return false;
        } catch (IOException e) {
            LOG.debug("the connection {} failed", channel, e);
            return true;
        }
    }

    synchronized int count() {
        return all.size();
    }

    /** Closes what is left once its peers have closed, or this time has passed. Blocks. */
    void end(long timeoutMs) {
        long end = time.nanoseconds() + timeoutMs * 1_000_000L;
        while (count() > 0 && time.nanoseconds() - end < 0) {
            LockSupport.parkNanos(POLL_MS * 1_000_000L);
        }
        synchronized (this) {
            all.forEach(leaving -> close(leaving.channel()));
            all.clear();
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("the connection {} did not close cleanly", channel, e);
        }
    }
}
