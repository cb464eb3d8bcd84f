package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.protocol.ApiKey;
import io.sluice.request.api.ApiHandler;
import io.sluice.security.api.Authorizer;
import io.sluice.transport.api.Connection;
import io.sluice.transport.api.ConnectionHandler;
import io.sluice.transport.api.FrameHandler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings each request to the handler of its API, with the parts that it needs borrowed for the call. A request whose
 * handler or authorizer is being replaced waits, and the connection with it; past {@link #PARKED_MS} it gets the error
 * that its client tries again.
 *
 * <p>Produce and fetch run on the I/O thread that read them, to the end, with no hand-over.
 */
final class RequestDispatcher implements ConnectionHandler {
    static final long PARKED_MS = 5_000L;

    private static final Logger LOG = LoggerFactory.getLogger(RequestDispatcher.class);

    private final ApiSlots slots;
    private final SecurityRoles security;
    private final Scheduler scheduler;
    private final Time time;
    private final RequestMemory memory;
    private final Disconnects disconnects;
    private final InFlight inFlight;
    private final HalfReadFrames halfRead;
    private final RequestCounters counters = new RequestCounters();
    private final TrafficBook traffic;

    RequestDispatcher(
            ApiSlots slots,
            SecurityRoles security,
            Scheduler scheduler,
            Time time,
            RequestMemory memory,
            TrafficBook traffic) {
        this.traffic = traffic;
        this.slots = slots;
        this.security = security;
        this.scheduler = scheduler;
        this.time = time;
        this.memory = memory;
        memory.whenScarcityChanges(() -> scheduler.execute(this::heedScarcity));
        this.inFlight = new InFlight(time);
        this.disconnects = new Disconnects(scheduler);
        this.halfRead = new HalfReadFrames(memory, scheduler, time);
    }

    @Override
    public FrameHandler connected(Connection connection) {
        return new ClientConnection(connection, this);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Time time() {
        return time;
    }

    RequestMemory memory() {
        return memory;
    }

    ApiSlots slots() {
        return slots;
    }

    SecurityRoles security() {
        return security;
    }

    private void heedScarcity() {
        LOG.info(
                "requests that wait hold {} of {} bytes; connections that produce are {}",
                memory.usedBytes(),
                memory.ceilingBytes(),
                memory.isScarce() ? "not read until there is room" : "read again");
        inFlight.heedScarcity();
    }

    /** What became of requests. */
    RequestCounters counters() {
        return counters;
    }

    /** What went to clients. */
    TrafficBook traffic() {
        return traffic;
    }

    HalfReadFrames halfRead() {
        return halfRead;
    }

    Disconnects disconnects() {
        return disconnects;
    }

    InFlight inFlight() {
        return inFlight;
    }

    /**
     * Handles a new request now, or sees to it that it is handled later.
     *
     * @return true when its turn is over and the connection's next request may be handled
     */
    boolean dispatch(KernelRequest request) {
        return run(new Turn(request, null, false), true);
    }

    /** Goes on with a request that was parked by its handler. */
    void resume(KernelRequest request, Object continuation, boolean timedOut, boolean occupiesConnection) {
        if (run(new Turn(request, continuation, timedOut), occupiesConnection) && occupiesConnection) {
            request.turnOver();
        }
    }

    /** One call of a handler: a request's first, or one that goes on with it. */
    private record Turn(KernelRequest request, @Nullable Object continuation, boolean timedOut) {
        void call(ApiHandler handler) {
            if (continuation == null) {
                handler.handle(request);
            } else {
                handler.resume(request, continuation, timedOut);
            }
        }
    }

    private boolean run(Turn turn, boolean occupiesConnection) {
        KernelRequest request = turn.request();
        if (!request.identify()) {
            return await(turn, security.authenticator(), occupiesConnection);
        }
        PartRole<ApiHandler, ApiHandler> slot = slots.role(request.api());
        PartRole.Lease<ApiHandler> handler = slot.acquire();
        if (handler == null) {
            return await(turn, slot, occupiesConnection);
        }
        PartRole.Lease<Authorizer> authorizer = security.authorizer().acquire();
        if (authorizer == null) {
            handler.release();
            return await(turn, security.authorizer(), occupiesConnection);
        }
        if (!occupiesConnection || request.isKept() || handler.part().execution() == ApiHandler.Execution.IO_THREAD) {
            return call(turn, handler, authorizer, occupiesConnection);
        }
        if (!request.tryRetain()) {
            authorizer.release();
            handler.release();
            return refuseForMemory(request);
        }
        scheduler.execute(() -> {
            if (call(turn, handler, authorizer, true)) {
                request.turnOver();
            }
        });
        return false;
    }

    /** @return false when the handler holds the connection: its next request has to wait for the end of that */
    private boolean call(
            Turn turn,
            PartRole.Lease<ApiHandler> handler,
            PartRole.Lease<Authorizer> authorizer,
            boolean occupiesConnection) {
        KernelRequest request = turn.request();
        request.lend(authorizer.part());
        request.occupying(occupiesConnection);
        int holdsBefore = request.holds();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            turn.call(handler.part());
        } catch (RuntimeException | LinkageError e) {
            request.broke(e);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            request.lend(null);
            authorizer.release();
            handler.release();
        }
        return !occupiesConnection || request.holds() == holdsBefore;
    }

    /** There is no memory to let it wait: it is to be sent again. Always returns true. */
    private static boolean refuseForMemory(KernelRequest request) {
        LOG.debug("{}: there is no memory to let it wait", request);
        request.refuse(ErrorAnswers.whileAbsent(request.api()));
        return true;
    }

    /** Sets the turn aside until the role is open again. @return whether it was refused instead */
    private boolean await(Turn turn, PartRole<?, ?> role, boolean occupiesConnection) {
        KernelRequest request = turn.request();
        if (!request.tryRetain()) {
            return refuseForMemory(request);
        }
        Runnable goOn = () -> scheduler.execute(() -> {
            if (run(turn, occupiesConnection) && occupiesConnection) {
                request.turnOver();
            }
        });
        PartWait wait = new PartWait(request, role, slots, occupiesConnection, goOn);
        if (turn.continuation() == null) {
            request.mayGiveUp(wait::giveUp);
        }
        wait.begin(scheduler);
        return false;
    }

    /** A frame that is no request that could be answered. */
    static void reject(Connection connection, String why) {
        connection.close(why);
    }

    /** Reads what every request begins with; null when the connection was closed for it. */
    @Nullable
    KernelRequest parse(ClientConnection from, ByteBuffer frame, boolean owned) {
        return RequestParser.parse(this, from, frame, owned);
    }

    /** The error for a handler that threw. */
    static ErrorCode brokenHandler() {
        return ErrorCode.UNKNOWN_SERVER_ERROR;
    }

    boolean knows(ApiKey api) {
        return slots.isAdvertised(api);
    }
}
