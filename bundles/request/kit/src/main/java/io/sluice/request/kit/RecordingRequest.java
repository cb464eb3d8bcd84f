package io.sluice.request.kit;

import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.protocol.MessageBytes;
import io.sluice.request.api.ClientSoftware;
import io.sluice.request.api.Request;
import io.sluice.request.api.Wakeup;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;
import io.sluice.security.api.Resource;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A request that keeps its answer. Question and answer pass through their bytes in the request's version, so that a field
 * that the version does not have, or cannot do without, is found. Records in answers must be in memory.
 */
public final class RecordingRequest implements Request {
    /** The listener of every request that does not name another. */
    public static final String LISTENER = "PLAINTEXT";

    private final ApiKey api;
    private final short version;
    private final ByteBuffer body;
    private final CompletableFuture<Message> response = new CompletableFuture<>();
    private BiPredicate<Operation, Resource> rights = (operation, resource) -> true;
    private String listener = LISTENER;
    private String clientId = "test";
    private volatile @Nullable Parked parked;

    private RecordingRequest(ApiKey api, short version, ByteBuffer body) {
        this.api = api;
        this.version = version;
        this.body = body;
    }

    /** A request of this version with this body. */
    public static RecordingRequest of(int version, Message body) {
        ApiKey api = Objects.requireNonNull(ApiKey.of(body.apiKey()), "not a request");
        return new RecordingRequest(api, (short) version, MessageBytes.encode(body, (short) version));
    }

    /** What the asker may do; everything, unless this is called. */
    public RecordingRequest allowing(BiPredicate<Operation, Resource> newRights) {
        rights = newRights;
        return this;
    }

    /** From a client of this id; {@code test}, unless this is called. */
    public RecordingRequest ofClient(String id) {
        clientId = id;
        return this;
    }

    public RecordingRequest from(String listenerName) {
        listener = listenerName;
        return this;
    }

    /** The answer, waited for as long as a test should take; fails when the connection was closed instead. */
    public <M extends Message> M response(Class<M> type) {
        try {
            return type.cast(response.get(10, TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new AssertionError("no answer to " + api + " version " + version, e);
        }
    }

    public boolean isAnswered() {
        return response.isDone();
    }

    /** What the handler put aside; null when it did not. */
    public @Nullable Parked parked() {
        return parked;
    }

    /** A request put aside with what is needed to go on. */
    public static final class Parked implements Wakeup {
        private final Object continuation;
        private final long timeoutMs;
        private volatile boolean fired;

        Parked(Object continuation, long timeoutMs) {
            this.continuation = continuation;
            this.timeoutMs = timeoutMs;
        }

        public Object continuation() {
            return continuation;
        }

        public long timeoutMs() {
            return timeoutMs;
        }

        public boolean fired() {
            return fired;
        }

        @Override
        public void fire() {
            fired = true;
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

    @Override
    public int correlationId() {
        return 1;
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public ClientSoftware clientSoftware() {
        return new ClientSoftware("test-client", "1.2");
    }

    @Override
    public Principal principal() {
        return Principal.ANONYMOUS;
    }

    @Override
    public Peer peer() {
        return new Peer(listener, InetSocketAddress.createUnresolved("localhost", 1));
    }

    @Override
    public long connectionId() {
        return 1L;
    }

    @Override
    public <M extends Message> M read(M message) {
        return MessageBytes.decode(body.duplicate(), message, version);
    }

    @Override
    public void retain() {
        // the body is this request's own
    }

    @Override
    public boolean mayDo(Operation operation, Resource resource) {
        return rights.test(operation, resource);
    }

    @Override
    public void respond(Message message) {
        ByteBuffer bytes = MessageBytes.encode(message, version);
        end(response.complete(MessageBytes.decode(bytes, api.newResponse(), version)));
    }

    @Override
    public void respondNothing() {
        end(response.completeExceptionally(new IllegalStateException("ended without an answer")));
    }

    @Override
    public void disconnect(String reason) {
        end(response.completeExceptionally(new IllegalStateException("disconnected: " + reason)));
    }

    @Override
    public Wakeup park(Object continuation, long timeoutMs) {
        Parked put = new Parked(continuation, timeoutMs);
        parked = put;
        return put;
    }

    private void end(boolean first) {
        if (!first) {
            throw new IllegalStateException(api + " was answered twice");
        }
    }
}
