package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.ErrorTally;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageReader;
import io.sluice.protocol.MessageWriter;
import io.sluice.protocol.OutboundFrame;
import io.sluice.protocol.message.ResponseHeader;
import io.sluice.request.api.ClientSoftware;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Authorizer;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;
import io.sluice.security.api.Resource;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request on its way through the kernel. */
final class KernelRequest implements Request {
    private static final Logger LOG = LoggerFactory.getLogger(KernelRequest.class);
    private static final int RESPONSE_BYTES_GUESS = 256;

    private final ClientConnection from;
    private final RequestDispatcher dispatcher;
    private final ApiKey api;
    private final short version;
    private final boolean supported;
    private final int correlationId;
    private final @Nullable String clientId;
    private final AtomicBoolean answered = new AtomicBoolean();
    private ByteBuffer body;
    private boolean kept;
    private final RequestMemory.Share share;
    private final AtomicInteger reserved = new AtomicInteger();
    private volatile @Nullable Authorizer lent;
    private volatile @Nullable ParkedRequest parked;
    private Principal principal = Principal.ANONYMOUS;
    private @Nullable OutboundFrame frame;
    private boolean ready;
    private volatile boolean abandoned;
    private volatile boolean hurried;
    private volatile boolean occupying;
    /** Changed by one call of the handler at a time. */
    private volatile int holds;

    private volatile @Nullable Runnable giveUp;

    private final long beganNanos;
    private final int sizeInBytes;

    KernelRequest(
            ClientConnection from,
            RequestDispatcher dispatcher,
            ApiKey api,
            short version,
            boolean supported,
            int correlationId,
            @Nullable String clientId,
            ByteBuffer body,
            int sizeInBytes,
            boolean owned) {
        this.beganNanos = dispatcher.time().nanoseconds();
        this.sizeInBytes = sizeInBytes;
        this.from = from;
        this.dispatcher = dispatcher;
        this.api = api;
        this.version = version;
        this.supported = supported;
        this.correlationId = correlationId;
        this.clientId = clientId;
        this.body = body;
        this.kept = owned;
        this.share = api == ApiKey.PRODUCE ? RequestMemory.Share.DATA : RequestMemory.Share.RESERVE;
        if (owned) {
            reserved.set(body.remaining());
            dispatcher.memory().reserve(share, body.remaining());
        }
    }

    @Override
    public ApiKey api() {
        return api;
    }

    @Override
    public short version() {
        return version;
    }

    /** False for an ApiVersions request of a version that is not known here. */
    boolean isSupportedVersion() {
        return supported;
    }

    @Override
    public int correlationId() {
        return correlationId;
    }

    @Override
    public @Nullable String clientId() {
        return clientId;
    }

    @Override
    public @Nullable ClientSoftware clientSoftware() {
        return from.software();
    }

    /** The client says what it is. */
    void introduce(ClientSoftware software) {
        from.introduce(software);
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public Peer peer() {
        return from.peer();
    }

    @Override
    public long connectionId() {
        return from.connection().id();
    }

    /** Finds out who asks; false while no authenticator is there. */
    boolean identify() {
        Principal now = from.principal();
        if (now == null) {
            return false;
        }
        principal = now;
        return true;
    }

    @Override
    public <M extends Message> M read(M message) {
        message.read(new MessageReader(body), version);
        return message;
    }

    @Override
    public void retain() {
        if (!kept) {
            dispatcher.memory().reserve(share, body.remaining());
            keep();
        }
    }

    /** Copies the body unless it was copied before; false when there is no memory for it now. */
    boolean tryRetain() {
        if (!kept) {
            if (!dispatcher.memory().tryReserve(share, body.remaining())) {
                return false;
            }
            keep();
        }
        return true;
    }

    private void keep() {
        ByteBuffer copy = ByteBuffer.allocate(body.remaining());
        body = copy.put(body.duplicate()).flip();
        kept = true;
        reserved.set(body.remaining());
    }

    /** The body is of no use any more. Whoever waits for something with this request in its hand no longer holds the bytes. */
    private void letGo() {
        int bytes = reserved.getAndSet(0);
        if (bytes > 0) {
            body = MessageReader.EMPTY_BUFFER;
            dispatcher.memory().free(share, bytes);
        }
    }

    boolean isKept() {
        return kept;
    }

    @Override
    public boolean mayDo(Operation operation, Resource resource) {
        Authorizer now = lent;
        if (now != null) {
            return now.mayDo(principal, from.peer(), operation, resource);
        }
        PartRole.Lease<Authorizer> lease = awaitAuthorizer();
        if (lease == null) {
            return false;
        }
        try {
            return lease.part().mayDo(principal, from.peer(), operation, resource);
        } finally {
            lease.release();
        }
    }

    /** Waits for an authorizer that is being replaced; null when none came in time. Not for I/O threads, which have theirs. */
    private PartRole.@Nullable Lease<Authorizer> awaitAuthorizer() {
        PartRole<?, Authorizer> role = dispatcher.security().authorizer();
        PartRole.Lease<Authorizer> lease = role.acquire();
        if (lease != null) {
            return lease;
        }
        long end = dispatcher.time().nanoseconds() + RequestDispatcher.PARKED_MS * 1_000_000L;
        while ((lease = role.acquire()) == null && dispatcher.time().nanoseconds() - end < 0) {
            LockSupport.parkNanos(1_000_000L);
        }
        return lease;
    }

    /** The authorizer that is borrowed for the present call, null after it. */
    void lend(@Nullable Authorizer authorizer) {
        lent = authorizer;
    }

    @Override
    public void respond(Message response) {
        respond(response, version);
    }

    /** Answers at another version than the request's, as ApiVersions does. */
    void respond(Message response, short responseVersion) {
        if (abandoned) {
            discard(response);
            return;
        }
        if (!answered.compareAndSet(false, true)) {
            if (hurried) {
                return;
            }
            LOG.error("{} was answered twice", this, new IllegalStateException("second answer"));
            return;
        }
        if (!from.isLocal()) {
            dispatcher.traffic().sent(response);
        }
        MessageWriter writer = new MessageWriter(ByteBuffer.allocate(RESPONSE_BYTES_GUESS));
        OutboundFrame encoded;
        try {
            writer.beginFrame();
            new ResponseHeader()
                    .setCorrelationId(correlationId)
                    .write(writer, api.responseHeaderVersion(responseVersion));
            response.write(writer, responseVersion);
            encoded = writer.finishFrame();
        } catch (RuntimeException e) {
            LOG.error("the answer to {} could not be encoded", this, e);
            closeUnanswered("an answer could not be encoded");
            return;
        }
        count(writer.errors());
        finish(encoded);
    }

    private void count(@Nullable ErrorTally errors) {
        if (from.isLocal()) {
            return;
        }
        ApiCounters counters = dispatcher.counters().of(api);
        if (errors == null) {
            counters.clean();
        } else {
            counters.failed(errors);
        }
    }

    private void closeUnanswered(String reason) {
        if (!from.isLocal()) {
            dispatcher.counters().of(api).disconnected();
        }
        from.connection().close(reason);
        finish(null);
    }

    /** Nobody is there to get the answer: the records in it are released. */
    private void discard(Message response) {
        MessageWriter writer = new MessageWriter(ByteBuffer.allocate(RESPONSE_BYTES_GUESS));
        response.write(writer, version);
        writer.finish().release();
        letGo();
    }

    @Override
    public void respondNothing() {
        if (answered.compareAndSet(false, true)) {
            count(null);
            finish(null);
        }
    }

    @Override
    public void disconnect(String reason) {
        if (answered.compareAndSet(false, true)) {
            closeUnanswered(reason);
        }
    }

    private void finish(@Nullable OutboundFrame encoded) {
        letGo();
        if (!from.isLocal()) {
            long bytes = encoded == null ? 0L : encoded.sizeInBytes();
            dispatcher
                    .counters()
                    .of(api)
                    .done(version, sizeInBytes, bytes, dispatcher.time().nanoseconds() - beganNanos);
        }
        from.orderer().complete(this, encoded);
        from.answered();
    }

    /** A handler threw: a malformed body closes the connection, anything else is our fault and said so. */
    void broke(Throwable e) {
        if (e instanceof MalformedMessageException) {
            disconnect("malformed " + api.apiName() + " v" + version + ": " + e.getMessage());
            return;
        }
        LOG.error("handling {} failed", this, e);
        if (!answered.get()) {
            refuse(ErrorCode.UNKNOWN_SERVER_ERROR);
        }
    }

    /** Answers with an error as the API says errors, or closes the connection where it has no way to. */
    void refuse(ErrorCode error) {
        Message answer;
        try {
            answer = ErrorAnswers.of(this, error);
        } catch (MalformedMessageException e) {
            disconnect("malformed " + api.apiName() + " v" + version + ": " + e.getMessage());
            return;
        }
        if (answer == null) {
            disconnect(api.apiName() + " could not be answered: " + error);
        } else {
            respond(answer);
        }
    }

    @Override
    public Wakeup park(Object continuation, long timeoutMs) {
        return park(continuation, timeoutMs, false);
    }

    @Override
    public Wakeup hold(Object continuation, long timeoutMs) {
        boolean keepsConnection = occupying;
        if (keepsConnection) {
            int before = holds;
            holds = before + 1;
        }
        return park(continuation, timeoutMs, keepsConnection);
    }

    /** Whether the call that begins has the connection for itself, so that it can hold it. */
    void occupying(boolean connection) {
        occupying = connection;
    }

    /** How often the connection was held. */
    int holds() {
        return holds;
    }

    private Wakeup park(Object continuation, long timeoutMs, boolean keepsConnection) {
        retain();
        ParkedRequest parking = new ParkedRequest(this, dispatcher, continuation, keepsConnection);
        parked = parking;
        parking.count();
        parking.arm(timeoutMs);
        if (abandoned) {
            parking.cancel();
            letGo();
        }
        return parking;
    }

    /** How to end the wait for a part that is absent, before it has begun to be handled. */
    void mayGiveUp(Runnable wait) {
        giveUp = wait;
    }

    /**
     * Ends a wait that may be long, because the connection is to be closed: a fetch is answered with what there is; what
     * waits for a part, or for the other members of a group, gets the error that its client tries again.
     */
    void hurry() {
        Runnable wait = giveUp;
        if (wait != null) {
            wait.run();
        }
        ParkedRequest now = parked;
        if (now != null && api == ApiKey.FETCH) {
            now.timeOut();
        } else if ((api == ApiKey.JOIN_GROUP || api == ApiKey.SYNC_GROUP) && !answered.get()) {
            hurried = true;
            refuse(ErrorAnswers.whileAbsent(api));
        }
    }

    /** The connection is gone: nobody waits for the answer. */
    void abandon() {
        abandoned = true;
        ParkedRequest now = parked;
        if (now != null) {
            now.cancel();
            letGo(); // else whoever handles it now does, when it answers
        }
    }

    void turnOver() {
        from.turnOver();
    }

    /** It waits, or no longer does. */
    void countParked(int change) {
        if (!from.isLocal()) {
            dispatcher.counters().of(api).parked(change);
        }
    }

    // ---- kept by the orderer, under its lock

    void ready(@Nullable OutboundFrame encoded) {
        frame = encoded;
        ready = true;
    }

    boolean isReady() {
        return ready;
    }

    @Nullable
    OutboundFrame takeFrame() {
        OutboundFrame taken = frame;
        frame = null;
        return taken;
    }

    @Override
    public String toString() {
        return api.apiName() + " v" + version + " (" + correlationId + ") from "
                + from.peer().address();
    }
}
