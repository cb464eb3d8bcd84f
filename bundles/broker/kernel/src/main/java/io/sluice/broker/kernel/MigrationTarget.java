package io.sluice.broker.kernel;

import io.sluice.broker.api.MigrationException;
import io.sluice.storage.api.EngineCapability;
import io.sluice.storage.api.StorageEngine;
import java.util.List;

/** The engine that a topic is to move to, looked at before anything is moved. For any thread. */
final class MigrationTarget {
    private final EngineHosts engines;
    private final MigrationMetadata metadata;

    MigrationTarget(EngineHosts engines, MigrationMetadata metadata) {
        this.engines = engines;
        this.metadata = metadata;
    }

    /**
     * Whether the engine keeps its records when the process ends.
     *
     * @throws MigrationException when the topic cannot move there: the engine is not installed, is not open, or cannot honour what is
     *     configured for the topic
     */
    boolean isDurableFor(String topic, String engine) throws MigrationException {
        List<String> installed = engines.installed();
        if (!installed.contains(engine)) {
            throw new MigrationException(
                    "there is no engine " + engine + "; installed are " + String.join(", ", installed));
        }
        String refusal = EngineCapability.refusal(engine, metadata.topicConfigs(topic), engines.capabilities(engine));
        if (refusal != null) {
            throw new MigrationException(topic + " cannot move to " + engine + ": " + refusal
                    + "; take that configuration from the topic first, or choose another engine");
        }
        PartRole.Lease<StorageEngine> lease = engines.host(engine).role().acquire();
        if (lease == null) {
            throw new MigrationException("the engine " + engine + " is not open; doctor says why");
        }
        try {
            return lease.part().isDurable();
        } finally {
            lease.release();
        }
    }
}
