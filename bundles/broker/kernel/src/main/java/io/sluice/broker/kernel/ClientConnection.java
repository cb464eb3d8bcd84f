package io.sluice.broker.kernel;

import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ClientSoftware;
import io.sluice.security.api.Authenticator;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;
import io.sluice.transport.api.Connection;
import io.sluice.transport.api.FrameHandler;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's side of one connection. Requests have their turn one after the other; a turn that goes on elsewhere (on a
 * worker, or waiting for a part) keeps the next ones back, and the connection is not read meanwhile. Waiting for data or
 * for a commit ends a turn: such requests overlap, and only their answers are kept in order.
 */
final class ClientConnection implements FrameHandler {
    private static final int UNANSWERED_MAX = 64;

    private final Connection connection;
    private final RequestDispatcher dispatcher;
    private final ResponseOrderer orderer;
    private final Peer peer;
    private final ArrayDeque<ByteBuffer> backlog = new ArrayDeque<>();
    private boolean occupied;
    /** The reasons not to read: too much is unanswered, memory for produces is scarce, there is none for the next frame. */
    private boolean paused;

    private boolean held;
    private boolean starved;
    /** What the transport was told last. */
    private boolean stopped;

    /** Bytes of a frame that is not whole. */
    private int admitted;

    private volatile long frameBeganMs;
    private volatile boolean produces;
    private volatile boolean closed;
    private final boolean local;
    private volatile @Nullable Principal principal;
    private volatile long principalOf = -1L;
    private volatile @Nullable ClientSoftware software;

    ClientConnection(Connection connection, RequestDispatcher dispatcher) {
        this.connection = connection;
        this.dispatcher = dispatcher;
        this.orderer = new ResponseOrderer(connection);
        this.peer = new Peer(connection.listenerName(), connection.remoteAddress());
        this.local = connection.listenerName().equals(KernelLocalClient.LISTENER);
        dispatcher.inFlight().opened(this);
    }

    Connection connection() {
        return connection;
    }

    /** Whether the broker talks to itself. */
    boolean isLocal() {
        return local;
    }

    Peer peer() {
        return peer;
    }

    ResponseOrderer orderer() {
        return orderer;
    }

    /** What the client said it is; null as long as it has not. */
    @Nullable
    ClientSoftware software() {
        return software;
    }

    void introduce(ClientSoftware client) {
        software = client;
    }

    /** Who the peer is, as the present authenticator says; null while there is none. */
    @Nullable
    Principal principal() {
        PartRole<?, Authenticator> role = dispatcher.security().authenticator();
        long now = role.openings();
        if (principalOf == now) {
            return principal;
        }
        PartRole.Lease<Authenticator> lease = role.acquire();
        if (lease == null) {
            return null;
        }
        try {
            principal = lease.part().principalOf(peer);
            principalOf = now;
        } finally {
            lease.release();
        }
        return principal;
    }

    @Override
    public void frame(ByteBuffer frame) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (occupied) {
                ByteBuffer copy = ByteBuffer.allocate(frame.remaining());
                backlog.add(copy.put(frame.duplicate()).flip());
                dispatcher.memory().reserve(RequestMemory.Share.RESERVE, copy.remaining());
                pause();
                return;
            }
            occupied = true;
        }
        if (turn(frame, false)) {
            next();
        }
    }

    /** @return true when the turn is over */
    private boolean turn(ByteBuffer frame, boolean owned) {
        KernelRequest request = dispatcher.parse(this, frame, owned);
        if (request == null) {
            return true;
        }
        if (orderer.add(request) >= UNANSWERED_MAX) {
            synchronized (this) {
                pause();
            }
        }
        if (request.api() == ApiKey.PRODUCE) {
            produces = true;
        }
        boolean over = dispatcher.dispatch(request);
        if (produces && dispatcher.memory().isScarce()) {
            heedScarcity();
        }
        return over;
    }

    /** The turn that went on elsewhere is over. */
    void turnOver() {
        next();
    }

    private void next() {
        while (true) {
            ByteBuffer frame;
            synchronized (this) {
                frame = backlog.poll();
                if (frame == null || closed) {
                    occupied = false;
                    unpause();
                    return;
                }
            }
            dispatcher.memory().free(RequestMemory.Share.RESERVE, frame.remaining());
            if (!turn(frame, true)) {
                return;
            }
        }
    }

    /** An answer left; a connection that had too many waiting is read again. */
    void answered() {
        if (paused) {
            synchronized (this) {
                unpause();
            }
        }
    }

    private void pause() {
        paused = true;
        settle();
    }

    private void unpause() {
        if (paused && !occupied && orderer.size() < UNANSWERED_MAX / 2) {
            paused = false;
            settle();
        }
    }

    /** A connection that produces is not read while memory for that is scarce, unless to finish what was begun. */
    void heedScarcity() {
        synchronized (this) {
            held = produces && admitted == 0 && dispatcher.memory().isScarce();
            settle();
        }
    }

    private void settle() {
        boolean stop = paused || held || starved;
        if (stop != stopped) {
            stopped = stop;
            if (stop) {
                connection.pauseReading();
            } else {
                connection.resumeReading();
            }
        }
    }

    @Override
    public boolean admit(int bytes) {
        if (dispatcher.halfRead().admit(this, bytes)) {
            synchronized (this) {
                admitted = bytes;
            }
            return true;
        }
        synchronized (this) {
            starved = true;
            settle();
        }
        dispatcher.halfRead().starves(this);
        return false;
    }

    @Override
    public void discharge(int bytes) {
        synchronized (this) {
            admitted = 0;
        }
        dispatcher.halfRead().discharge(this, bytes);
        if (produces) {
            heedScarcity();
        }
    }

    /** There may be memory for its next frame. */
    void mayAskAgain() {
        synchronized (this) {
            starved = false;
            settle();
        }
    }

    void frameBegan(long nowMs) {
        frameBeganMs = nowMs;
    }

    long frameBeganMs() {
        return frameBeganMs;
    }

    /** Nothing of this connection is being handled or owed. */
    boolean isIdle() {
        synchronized (this) {
            return !occupied && backlog.isEmpty() && orderer.size() == 0;
        }
    }

    /** Answers those that only wait for more data, so that a drain need not wait for them. */
    void hurry() {
        orderer.hurry();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void closed(String reason) {
        synchronized (this) {
            closed = true;
            for (ByteBuffer frame : backlog) {
                dispatcher.memory().free(RequestMemory.Share.RESERVE, frame.remaining());
            }
            backlog.clear();
        }
        orderer.close();
        dispatcher.inFlight().ended(this);
        dispatcher.disconnects().tell(connection.id());
    }
}
