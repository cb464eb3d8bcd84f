package io.sluice.storage.api;

import java.util.Map;

/** The configuration of one topic's logs, validated. */
public record LogConfig(Map<String, String> values, int minInSyncReplicas) {
    public LogConfig {
        values = Map.copyOf(values);
    }

    /** From the effective configuration of the topic, by Kafka's names. */
    public static LogConfig from(Map<String, String> effective) {
        return new LogConfig(effective, Integer.parseInt(effective.getOrDefault("min.insync.replicas", "1")));
    }
}
