package io.sluice.request.api;

import io.sluice.protocol.ApiKey;
import io.sluice.protocol.Message;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;
import io.sluice.security.api.Resource;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One request. It is answered exactly once, by {@link #respond}, {@link #respondNothing} or {@link #disconnect}, from
 * any thread; answers leave in the order of the requests, whatever the order of these calls.
 */
@ProviderType
public interface Request {
    ApiKey api();

    short version();

    int correlationId();

    @Nullable
    String clientId();

    /** What the client said it is on this connection; null as long as it has not. */
    default @Nullable ClientSoftware clientSoftware() {
        return null;
    }

    Principal principal();

    Peer peer();

    /** Unique within the process; requests of one connection share it. */
    long connectionId();

    /**
     * Decodes the body. Records within it are views of the request's bytes: borrowed until {@link ApiHandler#handle}
     * returns on an I/O thread, the request's own on a worker or after {@link #retain()}.
     *
     * @return the message, filled
     */
    <M extends Message> M read(M message);

    /** Copies the body unless it was copied before, so that {@link #read} works after the handler's call has returned. */
    void retain();

    /** Asks the authorizer; false also when none answers in time. */
    boolean mayDo(Operation operation, Resource resource);

    /** Encodes and sends the answer; records in it are released by the transport. */
    void respond(Message response);

    /** Ends a request to which the protocol has no answer (produce with acks=0). */
    void respondNothing();

    /** Closes the connection. */
    void disconnect(String reason);

    /**
     * Puts the request aside. When the wake-up is fired, or the time is over, whoever then handles the API gets
     * {@link ApiHandler#resume} once. Retains the body.
     *
     * @param continuation what is needed to go on: JDK types, or types of API bundles only
     * @param timeoutMs how long to wait at most, in milliseconds
     */
    Wakeup park(Object continuation, long timeoutMs);

    /**
     * The same, and the requests behind this one on its connection wait too: none of them is handled before this one is resumed and its handler has
     * returned. For requests that must not be overtaken. To be called within {@link ApiHandler#handle} or {@link ApiHandler#resume} only.
     */
    default Wakeup hold(Object continuation, long timeoutMs) {
        return park(continuation, timeoutMs);
    }
}
