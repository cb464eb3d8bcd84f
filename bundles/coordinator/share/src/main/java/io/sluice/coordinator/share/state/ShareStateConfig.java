package io.sluice.coordinator.share.state;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The share coordinator's configuration as it holds at one moment, under Kafka's keys.
 *
 * @param updatesPerSnapshot how many updates of a share partition are written before the next snapshot
 * @param pruneIntervalMs how often what later snapshots have made useless is deleted from the topic
 */
public record ShareStateConfig(int updatesPerSnapshot, long pruneIntervalMs) {
    /** Kafka's defaults. */
    public static final ShareStateConfig DEFAULT = from(key -> null);

    /** Reads the keys; what has no value, or none that is a number, has Kafka's default. */
    public static ShareStateConfig from(UnaryOperator<@Nullable String> values) {
        return new ShareStateConfig(
                number(values, "share.coordinator.snapshot.update.records.per.snapshot", 500),
                number(values, "share.coordinator.state.topic.prune.interval.ms", 300_000));
    }

    static int number(UnaryOperator<@Nullable String> values, String key, int fallback) {
        String value = values.apply(key);
        if (value == null) {
            return fallback;
        }
        try {
            return Integer.parseInt(value.trim());
        } catch (NumberFormatException e) {
            return fallback;
        }
    }
}
