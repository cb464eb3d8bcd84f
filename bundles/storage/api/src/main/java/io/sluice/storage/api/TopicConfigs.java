package io.sluice.storage.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The names of the topic configurations that a log obeys, which are Kafka's where the meaning is, with their defaults. */
public final class TopicConfigs {
    public static final String SEGMENT_BYTES = "segment.bytes";
    /** Below the least that {@link #SEGMENT_BYTES} allows; for tests only, as in Kafka. */
    public static final String INTERNAL_SEGMENT_BYTES = "internal.segment.bytes";

    public static final String SEGMENT_MS = "segment.ms";
    public static final String SEGMENT_JITTER_MS = "segment.jitter.ms";
    public static final String SEGMENT_INDEX_BYTES = "segment.index.bytes";
    public static final String INDEX_INTERVAL_BYTES = "index.interval.bytes";
    public static final String RETENTION_MS = "retention.ms";
    public static final String RETENTION_BYTES = "retention.bytes";
    public static final String CLEANUP_POLICY = "cleanup.policy";
    public static final String MAX_MESSAGE_BYTES = "max.message.bytes";
    public static final String MIN_CLEANABLE_DIRTY_RATIO = "min.cleanable.dirty.ratio";
    public static final String DELETE_RETENTION_MS = "delete.retention.ms";
    public static final String MIN_COMPACTION_LAG_MS = "min.compaction.lag.ms";
    public static final String MAX_COMPACTION_LAG_MS = "max.compaction.lag.ms";
    public static final String FLUSH_MESSAGES = "flush.messages";
    public static final String FLUSH_MS = "flush.ms";
    public static final String FILE_DELETE_DELAY_MS = "file.delete.delay.ms";
    public static final String PREALLOCATE = "preallocate";
    public static final String COMPRESSION_TYPE = "compression.type";
    public static final String COMPRESSION_GZIP_LEVEL = "compression.gzip.level";
    public static final String COMPRESSION_LZ4_LEVEL = "compression.lz4.level";
    public static final String COMPRESSION_ZSTD_LEVEL = "compression.zstd.level";
    public static final String MESSAGE_TIMESTAMP_TYPE = "message.timestamp.type";
    public static final String MESSAGE_TIMESTAMP_BEFORE_MAX_MS = "message.timestamp.before.max.ms";
    public static final String MESSAGE_TIMESTAMP_AFTER_MAX_MS = "message.timestamp.after.max.ms";
    public static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";
    public static final String UNCLEAN_LEADER_ELECTION_ENABLE = "unclean.leader.election.enable";
    public static final String STORAGE_ENGINE = "storage.engine";
    public static final String RECORD_VALIDATION = "record.validation";
    public static final String MAX_DECOMPRESSED_MESSAGE_BYTES = "max.decompressed.message.bytes";

    public static final String DURABILITY = "durability";
    public static final String DURABILITY_INTERVAL_MS = "durability.interval.ms";

    static final Map<String, String> DEFAULTS = defaultsByName();

    private TopicConfigs() {}

    /** Every name that a topic may set, in a stable order. */
    public static Set<String> names() {
        return DEFAULTS.keySet();
    }

    /** The default of every name, as text. */
    public static Map<String, String> defaults() {
        return DEFAULTS;
    }

    private static Map<String, String> defaultsByName() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put(SEGMENT_BYTES, "1073741824");
        defaults.put(SEGMENT_MS, "604800000");
        defaults.put(SEGMENT_JITTER_MS, "0");
        defaults.put(SEGMENT_INDEX_BYTES, "10485760");
        defaults.put(INDEX_INTERVAL_BYTES, "4096");
        defaults.put(RETENTION_MS, "604800000");
        defaults.put(RETENTION_BYTES, "-1");
        defaults.put(CLEANUP_POLICY, "delete");
        defaults.put(MAX_MESSAGE_BYTES, "1048588");
        defaults.put(MIN_CLEANABLE_DIRTY_RATIO, "0.5");
        defaults.put(DELETE_RETENTION_MS, "86400000");
        defaults.put(MIN_COMPACTION_LAG_MS, "0");
        defaults.put(MAX_COMPACTION_LAG_MS, "9223372036854775807");
        defaults.put(FLUSH_MESSAGES, "9223372036854775807");
        defaults.put(FLUSH_MS, "9223372036854775807");
        defaults.put(FILE_DELETE_DELAY_MS, "60000");
        defaults.put(PREALLOCATE, "false");
        defaults.put(COMPRESSION_TYPE, "producer");
        defaults.put(COMPRESSION_GZIP_LEVEL, "-1");
        defaults.put(COMPRESSION_LZ4_LEVEL, "9");
        defaults.put(COMPRESSION_ZSTD_LEVEL, "3");
        defaults.put(MESSAGE_TIMESTAMP_TYPE, "CreateTime");
        defaults.put(MESSAGE_TIMESTAMP_BEFORE_MAX_MS, "9223372036854775807");
        defaults.put(MESSAGE_TIMESTAMP_AFTER_MAX_MS, "3600000");
        defaults.put(MIN_INSYNC_REPLICAS, "1");
        defaults.put(UNCLEAN_LEADER_ELECTION_ENABLE, "false");
        defaults.put(STORAGE_ENGINE, "segment");
        defaults.put(RECORD_VALIDATION, "full");
        defaults.put(MAX_DECOMPRESSED_MESSAGE_BYTES, "104857600");
        defaults.put(DURABILITY, "os");
        defaults.put(DURABILITY_INTERVAL_MS, "1000");
        return java.util.Collections.unmodifiableMap(defaults);
    }
}
