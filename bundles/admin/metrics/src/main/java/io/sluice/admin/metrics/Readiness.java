package io.sluice.admin.metrics;

import io.sluice.broker.api.PartRegistries;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Whether clients can be served: the start is over, and every listener is open. Any thread. */
final class Readiness {
    private final BooleanSupplier started;
    private final PartRegistries parts;

    /** @param started whether the broker has said that it is ready */
    Readiness(BooleanSupplier started, PartRegistries parts) {
        this.started = started;
        this.parts = parts;
    }

    /** Null when it is ready; else why not, in one sentence. */
    @Nullable
    String obstacle() {
        if (!started.getAsBoolean()) {
            return "the broker is starting";
        }
        boolean any = false;
        for (PartRegistries.Part part : parts.parts()) {
            if (part.kind().equals("transport")) {
                if (!part.state().equals("Open")) {
                    return "listener " + part.name() + " is not open: " + part.reason();
                }
                any = true;
            }
        }
        return any ? null : "no listener is there";
    }
}
