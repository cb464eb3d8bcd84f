package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of {@code storage.engine}: it names an installed engine, and is chosen when the topic is created, once. */
final class StorageEngineKey {
    static final String NAME = "storage.engine";

    private final Broker broker;

    StorageEngineKey(Broker broker) {
        this.broker = broker;
    }

    /** Why a new topic cannot have this engine; null when it can. */
    @Nullable
    Refusal refusalToCreate(@Nullable String engine) {
        List<String> engines = broker.storageEngines();
        if (engine != null && engines.contains(engine)) {
            return null;
        }
        return new Refusal(
                ErrorCode.INVALID_CONFIG,
                "Invalid value " + engine + " for configuration " + NAME + ": no such engine is installed; installed: "
                        + (engines.isEmpty() ? "none" : String.join(", ", engines)));
    }

    static Refusal refusalToAlter() {
        return new Refusal(
                ErrorCode.INVALID_CONFIG,
                NAME + " cannot be altered: use engine:migrate to move the topic to another engine");
    }
}
