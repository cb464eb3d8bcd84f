package io.sluice.request.api;

import io.sluice.protocol.Message;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Answers a request when a future of the kernel's is done, on the thread that completes it. */
public final class LateAnswer {
    private LateAnswer() {}

    /**
     * Responds with what the function makes of the outcome: of the value, or of the failure. A function that throws closes
     * the connection, so that nobody waits for an answer that does not come.
     */
    public static <T> void to(
            Request request,
            CompletableFuture<T> future,
            BiFunction<@Nullable T, @Nullable Throwable, Message> answer) {
        future.whenComplete((value, failure) -> {
            Message response;
            try {
                response = answer.apply(value, failure);
            } catch (RuntimeException e) {
                request.disconnect("the answer to " + request.api() + " failed: " + e);
                return;
            }
            request.respond(response);
        });
    }
}
