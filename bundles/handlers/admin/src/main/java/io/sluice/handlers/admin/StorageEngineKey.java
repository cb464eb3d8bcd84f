package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.Broker;
import io.sluice.storage.api.EngineCapability;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of {@code storage.engine}: it names an installed engine, and is chosen when the topic is created, once. */
final class StorageEngineKey {
    static final String NAME = "storage.engine";
    static final String DEFAULT = "segment";

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

    /** Why a topic of this engine cannot have these configurations; null when it can. */
    static @Nullable Refusal refusalToConfigure(Broker broker, String engine, Map<String, String> configs) {
        String why = EngineCapability.refusal(engine, configs, broker.engineCapabilities(engine));
        return why == null ? null : new Refusal(ErrorCode.INVALID_CONFIG, why);
    }

    /** The same for a topic that is to be made. */
    @Nullable
    Refusal refusalToConfigure(String engine, Map<String, String> configs) {
        return refusalToConfigure(broker, engine, configs);
    }

    static Refusal refusalToAlter() {
        return new Refusal(
                ErrorCode.INVALID_CONFIG,
                NAME + " cannot be altered: use engine:migrate to move the topic to another engine");
    }
}
