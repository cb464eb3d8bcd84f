package io.sluice.admin.metrics;

import io.sluice.broker.api.PartRegistries;
import io.sluice.protocol.ApiKey;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether clients can be served: the start is over, every listener is open, and so is what each produce and fetch needs: their handlers, who the client is and
 * what it may do, replication, and each storage engine that has partitions here. Any thread.
 */
final class Readiness {
    private static final Set<String> NEEDED = Set.of("replication", "authenticator", "authorizer");
    private static final Set<String> NEEDED_HANDLERS =
            Set.of(ApiKey.PRODUCE.apiName(), ApiKey.FETCH.apiName(), ApiKey.METADATA.apiName());

    private final BooleanSupplier started;
    private final PartRegistries parts;
    private final Supplier<Set<String>> engines;

    /**
     * @param started whether the broker has said that it is ready
     * @param engines those that have partitions here; asked for only when one is not open
     */
    Readiness(BooleanSupplier started, PartRegistries parts, Supplier<Set<String>> engines) {
        this.started = started;
        this.parts = parts;
        this.engines = engines;
    }

    /** Null when it is ready; else why not, in one sentence. */
    @Nullable
    String obstacle() {
        if (!started.getAsBoolean()) {
            return "the broker is starting";
        }
        boolean listens = false;
        for (PartRegistries.Part part : parts.parts()) {
            boolean isListener = part.kind().equals("transport");
            if (!part.state().equals("Open") && (isListener || isNeeded(part))) {
                return (isListener ? "listener" : part.kind()) + ' ' + part.name() + " is not open: " + part.reason();
            }
            listens |= isListener;
        }
        return listens ? null : "no listener is there";
    }

    private boolean isNeeded(PartRegistries.Part part) {
        return switch (part.kind()) {
            case "handler" -> NEEDED_HANDLERS.contains(part.name());
            case "engine" -> engines.get().contains(part.name());
            default -> NEEDED.contains(part.kind());
        };
    }
}
