package io.sluice.storage.api;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that a storage engine may be able to do. A topic whose configuration needs what its engine cannot do is refused by the name
 * of that configuration.
 */
public enum EngineCapability {
    /** What was acknowledged survives the end of the process. */
    PERSISTENCE,
    /** {@code cleanup.policy=compact}. */
    COMPACTION,
    /** {@code retention.ms} and {@code retention.bytes}. */
    RETENTION,
    /** {@code durability=group} and {@code interval}: an fsync that can be waited for. */
    SYNCED_WRITES,
    /** {@code flush.messages} and {@code flush.ms}. */
    FLUSH_INTERVALS,
    /** {@code preallocate}. */
    PREALLOCATION,
    /** Markers of transactions are kept, and readers of committed records are told what was aborted. */
    TRANSACTIONS,
    /** Partitions are spread over the {@code log.dirs}. */
    SEVERAL_DIRECTORIES,
    /** A full disk fails an append, and nothing else. */
    DISK_FULL;

    /** As people read and write it. */
    public String displayName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Looks for a configuration of a topic that an engine cannot honour. What does not parse is passed over: it is refused elsewhere.
     *
     * @param configs what is set for the topic itself; defaults, which nobody asked for, need not be honoured
     * @param able what the engine can do
     * @return a sentence that names the configuration and the engine; null when there is none
     */
    public static @Nullable String refusal(String engine, Map<String, String> configs, Set<EngineCapability> able) {
        for (Map.Entry<String, String> config : configs.entrySet()) {
            EngineCapability needed =
                    neededBy(config.getKey(), config.getValue().trim());
            if (needed != null && !able.contains(needed)) {
                return "Invalid value " + config.getValue() + " for configuration " + config.getKey()
                        + ": the storage engine " + engine + " cannot honour it, because it lacks "
                        + needed.displayName();
            }
        }
        return null;
    }

    private static @Nullable EngineCapability neededBy(String name, String value) {
        return switch (name) {
            case TopicConfigs.CLEANUP_POLICY -> value.contains("compact") ? COMPACTION : null;
            case TopicConfigs.DURABILITY -> value.equals("group") || value.equals("interval") ? SYNCED_WRITES : null;
            case TopicConfigs.FLUSH_MESSAGES, TopicConfigs.FLUSH_MS ->
                value.equals(Long.toString(Long.MAX_VALUE)) ? null : FLUSH_INTERVALS;
            case TopicConfigs.PREALLOCATE -> value.equals("true") ? PREALLOCATION : null;
            case TopicConfigs.RETENTION_MS, TopicConfigs.RETENTION_BYTES -> value.equals("-1") ? null : RETENTION;
            default -> null;
        };
    }

    /** All but these. */
    public static Set<EngineCapability> allBut(EngineCapability first, EngineCapability... more) {
        return EnumSet.complementOf(EnumSet.of(first, more));
    }
}
