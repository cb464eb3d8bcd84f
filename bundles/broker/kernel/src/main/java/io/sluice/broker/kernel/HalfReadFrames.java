package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Requests that have begun to come and are not whole: each takes its memory under the ceiling of {@link RequestMemory} before
 * more than its beginning is read, so that one that was let in can always be finished. Those for which there is none wait,
 * unread, in the order in which they came. While any do, one that has not come whole for {@link #STALLED_MS} loses its
 * connection. Any thread.
 */
final class HalfReadFrames {
    /** What a client has to send a request to the end, once it has begun, while others wait for its memory. */
    static final long STALLED_MS = 30_000L;

    private static final long LOOK_MS = 1_000L;

    private final RequestMemory memory;
    private final Scheduler scheduler;
    private final Time time;
    private final Queue<ClientConnection> starved = new ConcurrentLinkedQueue<>();
    private final Set<ClientConnection> admitted = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    HalfReadFrames(RequestMemory memory, Scheduler scheduler, Time time) {
        this.memory = memory;
        this.scheduler = scheduler;
        this.time = time;
    }

    /** @return false when there is no memory now: the connection is told when it may ask again */
    boolean admit(ClientConnection connection, int bytes) {
        if (!memory.tryReserveFrame(bytes)) {
            return false;
        }
        connection.frameBegan(time.milliseconds());
        admitted.add(connection);
        return true;
    }

    void discharge(ClientConnection connection, int bytes) {
        admitted.remove(connection);
        memory.freeFrame(bytes);
    }

    /** The connection has stopped reading because a frame was not admitted. */
    void starves(ClientConnection connection) {
        starved.add(connection);
        memory.whenFreed(this::feedSoon);
        if (looking.compareAndSet(false, true)) {
            scheduler.schedule(LOOK_MS, this::look);
        }
    }

    private void feedSoon() {
        scheduler.execute(this::feed);
    }

    /** Lets all of them ask again; who is refused again waits behind the others. */
    private void feed() {
        int count = starved.size();
        for (int i = 0; i < count && !memory.isScarce(); i++) {
            ClientConnection next = starved.poll();
            if (next != null) {
                next.mayAskAgain();
            }
        }
        if (!starved.isEmpty()) {
            memory.whenFreed(this::feedSoon);
        }
    }

    private void look() {
        looking.set(false);
        starved.removeIf(ClientConnection::isClosed);
        if (starved.isEmpty()) {
            return;
        }
        long now = time.milliseconds();
        for (ClientConnection connection : admitted) {
            if (now - connection.frameBeganMs() > STALLED_MS) {
                connection
                        .connection()
                        .close("its request did not come whole within " + STALLED_MS
                                + " ms, and others wait for the memory (queued.max.request.bytes)");
            }
        }
        feed();
        if (!starved.isEmpty() && looking.compareAndSet(false, true)) {
            scheduler.schedule(LOOK_MS, this::look);
        }
    }

    /** Connections that wait for memory before they read on. */
    int starvedCount() {
        return starved.size();
    }
}
