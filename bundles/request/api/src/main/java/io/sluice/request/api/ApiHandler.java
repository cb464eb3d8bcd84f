package io.sluice.request.api;

import io.sluice.protocol.ApiKey;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers the requests of one Kafka API, as a whiteboard service: registered, the API is advertised; updated, its
 * requests wait; removed, it is withdrawn.
 *
 * <p>A handler holds no request beyond its call but through {@link Request#park}, so that it can be replaced while
 * requests wait.
 */
@ConsumerType
public interface ApiHandler {
    ApiKey api();

    /** The lowest version that is answered; the API's lowest unless overridden. */
    default short lowestVersion() {
        return api().lowestVersion();
    }

    /** The highest version that is answered; the API's highest stable one unless overridden. */
    default short highestVersion() {
        return api().highestStableVersion();
    }

    /** Where {@link #handle} runs. */
    default Execution execution() {
        return Execution.WORKER;
    }

    /**
     * Handles a request: it is answered within the call, later through a {@code CompletableFuture} of the kernel's, or
     * parked. What is thrown is logged and answered as {@code UNKNOWN_SERVER_ERROR}.
     */
    void handle(Request request);

    /**
     * Goes on with a request that was parked, possibly by an earlier version of the same handler.
     *
     * @param continuation what was given to {@link Request#park}
     * @param timedOut true when the time was over before the wake-up came
     */
    default void resume(Request request, Object continuation, boolean timedOut) {
        throw new IllegalStateException(api() + " parks no requests");
    }

    /** Where a handler runs. */
    enum Execution {
        /** On the connection's I/O thread; the handler never blocks. */
        IO_THREAD,
        /** On a bounded pool, the body copied before; the next request of that connection waits until it is handled. */
        WORKER
    }
}
