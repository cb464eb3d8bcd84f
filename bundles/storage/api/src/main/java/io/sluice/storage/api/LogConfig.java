package io.sluice.storage.api;

import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * The configuration of a topic's logs, checked. Sizes in bytes, times in milliseconds; the names and defaults are in
 * {@link TopicConfigs}.
 *
 * @param retentionMs -1 for no limit
 * @param retentionBytes of one partition; -1 for no limit
 * @param cleanupDelete whether {@code cleanup.policy} has {@code delete}
 * @param cleanupCompact whether {@code cleanup.policy} has {@code compact}
 * @param maxMessageBytes the largest batch
 * @param flushMessages records after which an append waits for an fsync
 * @param maxDecompressedMessageBytes the most that one compressed batch may decode to
 * @param preallocate whether the files of segments get their full size at once
 * @param compressionLevel of the codec of {@code compression.type}, as that codec counts; 0 where it has none
 * @param durabilityIntervalMs within which {@link Durability#INTERVAL} syncs
 */
public record LogConfig(
        int segmentBytes,
        long segmentMs,
        long segmentJitterMs,
        int segmentIndexBytes,
        int indexIntervalBytes,
        long retentionMs,
        long retentionBytes,
        boolean cleanupDelete,
        boolean cleanupCompact,
        int maxMessageBytes,
        double minCleanableDirtyRatio,
        long deleteRetentionMs,
        long minCompactionLagMs,
        long maxCompactionLagMs,
        long flushMessages,
        long flushMs,
        long fileDeleteDelayMs,
        TopicCompression compression,
        TimestampType timestampType,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        int minInsyncReplicas,
        boolean uncleanLeaderElection,
        String storageEngine,
        RecordValidation recordValidation,
        int maxDecompressedMessageBytes,
        Durability durability,
        long durabilityIntervalMs,
        boolean preallocate,
        int compressionLevel) {

    private static final int SEGMENT_BYTES_MIN = 1024 * 1024;
    private static final int SEGMENT_INDEX_BYTES_MIN = 4;
    private static final int NO_LEVEL = 0;
    private static final int GZIP_LEVEL_MAX = 9;
    private static final int LZ4_LEVEL_MAX = 17;
    private static final int ZSTD_LEVEL_MIN = -131072;
    private static final int ZSTD_LEVEL_MAX = 22;

    /** The defaults of every configuration. */
    public static final LogConfig DEFAULTS = from(Map.of());

    public LogConfig {
        if (minCompactionLagMs > maxCompactionLagMs) {
            throw new IllegalArgumentException("conflict between topic configuration min.compaction.lag.ms ("
                    + minCompactionLagMs + ") and max.compaction.lag.ms (" + maxCompactionLagMs + ")");
        }
    }

    /**
     * Reads the configuration that is in force for a topic: names that are absent have their defaults, names that a log
     * does not know are passed over.
     *
     * @throws IllegalArgumentException naming the key whose value is wrong
     */
    public static LogConfig from(Map<String, String> effective) {
        ConfigReader in = new ConfigReader(effective, TopicConfigs.DEFAULTS);
        String[] policies = in.text(TopicConfigs.CLEANUP_POLICY).split(",");
        return new LogConfig(
                effective.containsKey(TopicConfigs.INTERNAL_SEGMENT_BYTES)
                        ? in.integer(TopicConfigs.INTERNAL_SEGMENT_BYTES, 1)
                        : in.integer(TopicConfigs.SEGMENT_BYTES, SEGMENT_BYTES_MIN),
                in.number(TopicConfigs.SEGMENT_MS, 1L),
                in.number(TopicConfigs.SEGMENT_JITTER_MS, 0L),
                in.integer(TopicConfigs.SEGMENT_INDEX_BYTES, SEGMENT_INDEX_BYTES_MIN),
                in.integer(TopicConfigs.INDEX_INTERVAL_BYTES, 0),
                in.number(TopicConfigs.RETENTION_MS, -1L),
                in.number(TopicConfigs.RETENTION_BYTES, -1L),
                hasPolicy(policies, "delete"),
                hasPolicy(policies, "compact"),
                in.integer(TopicConfigs.MAX_MESSAGE_BYTES, 0),
                in.ratio(TopicConfigs.MIN_CLEANABLE_DIRTY_RATIO),
                in.number(TopicConfigs.DELETE_RETENTION_MS, 0L),
                in.number(TopicConfigs.MIN_COMPACTION_LAG_MS, 0L),
                in.number(TopicConfigs.MAX_COMPACTION_LAG_MS, 1L),
                in.number(TopicConfigs.FLUSH_MESSAGES, 1L),
                in.number(TopicConfigs.FLUSH_MS, 0L),
                in.number(TopicConfigs.FILE_DELETE_DELAY_MS, 0L),
                compression(in.text(TopicConfigs.COMPRESSION_TYPE)),
                timestampType(in.text(TopicConfigs.MESSAGE_TIMESTAMP_TYPE)),
                in.number(TopicConfigs.MESSAGE_TIMESTAMP_BEFORE_MAX_MS, 0L),
                in.number(TopicConfigs.MESSAGE_TIMESTAMP_AFTER_MAX_MS, 0L),
                in.integer(TopicConfigs.MIN_INSYNC_REPLICAS, 1),
                in.flag(TopicConfigs.UNCLEAN_LEADER_ELECTION_ENABLE),
                in.text(TopicConfigs.STORAGE_ENGINE),
                validation(in.text(TopicConfigs.RECORD_VALIDATION)),
                in.integer(TopicConfigs.MAX_DECOMPRESSED_MESSAGE_BYTES, 1),
                Durability.ofConfigName(in.text(TopicConfigs.DURABILITY)),
                in.number(TopicConfigs.DURABILITY_INTERVAL_MS, 1L),
                in.flag(TopicConfigs.PREALLOCATE),
                compressionLevel(in));
    }

    /** The same without retention by time or size, for a copy: what goes from it is what goes from the original. */
    public LogConfig keepingAll() {
        return new LogConfig(
                segmentBytes,
                segmentMs,
                segmentJitterMs,
                segmentIndexBytes,
                indexIntervalBytes,
                -1L,
                -1L,
                cleanupDelete,
                cleanupCompact,
                maxMessageBytes,
                minCleanableDirtyRatio,
                deleteRetentionMs,
                minCompactionLagMs,
                maxCompactionLagMs,
                flushMessages,
                flushMs,
                fileDeleteDelayMs,
                compression,
                timestampType,
                timestampBeforeMaxMs,
                timestampAfterMaxMs,
                minInsyncReplicas,
                uncleanLeaderElection,
                storageEngine,
                recordValidation,
                maxDecompressedMessageBytes,
                durability,
                durabilityIntervalMs,
                preallocate,
                compressionLevel);
    }

    /** Of the topic's codec; the levels of the others are checked, too, so that a wrong one is refused. */
    private static int compressionLevel(ConfigReader in) {
        int gzip = (int) in.number(TopicConfigs.COMPRESSION_GZIP_LEVEL, -1, GZIP_LEVEL_MAX);
        if (gzip == 0) {
            throw ConfigReader.invalid(TopicConfigs.COMPRESSION_GZIP_LEVEL, "0", "must be -1 or between 1 and 9");
        }
        int lz4 = (int) in.number(TopicConfigs.COMPRESSION_LZ4_LEVEL, 1, LZ4_LEVEL_MAX);
        int zstd = (int) in.number(TopicConfigs.COMPRESSION_ZSTD_LEVEL, ZSTD_LEVEL_MIN, ZSTD_LEVEL_MAX);
        return switch (compression(in.text(TopicConfigs.COMPRESSION_TYPE))) {
            case GZIP -> gzip;
            case LZ4 -> lz4;
            case ZSTD -> zstd;
            case PRODUCER, UNCOMPRESSED, SNAPPY -> NO_LEVEL;
        };
    }

    /** Compresses for the topic: at its level, if the codec is its own. */
    ByteBuffer compress(ByteBuffer plain, CompressionType codec) {
        if (codec == CompressionType.NONE) {
            return plain.duplicate();
        }
        return codec == compression.codec() ? codec.compress(plain, compressionLevel) : codec.compress(plain);
    }

    private static boolean hasPolicy(String[] policies, String wanted) {
        boolean found = false;
        for (String policy : policies) {
            String name = policy.trim();
            if (!name.equals("delete") && !name.equals("compact") && !(name.isEmpty() && policies.length == 1)) {
                throw ConfigReader.invalid(
                        TopicConfigs.CLEANUP_POLICY,
                        String.join(",", policies),
                        "must be delete, compact, or both with a comma between");
            }
            found |= name.equals(wanted);
        }
        return found;
    }

    private static TopicCompression compression(String name) {
        TopicCompression compression = TopicCompression.ofConfigName(name);
        if (compression == null) {
            throw ConfigReader.invalid(
                    TopicConfigs.COMPRESSION_TYPE,
                    name,
                    "must be one of uncompressed, zstd, lz4, snappy, gzip, producer");
        }
        return compression;
    }

    private static TimestampType timestampType(String name) {
        for (TimestampType type : TimestampType.values()) {
            if (type.configName().equals(name)) {
                return type;
            }
        }
        throw ConfigReader.invalid(TopicConfigs.MESSAGE_TIMESTAMP_TYPE, name, "must be CreateTime or LogAppendTime");
    }

    private static RecordValidation validation(String name) {
        for (RecordValidation validation : RecordValidation.values()) {
            if (validation.configName().equals(name)) {
                return validation;
            }
        }
        throw ConfigReader.invalid(TopicConfigs.RECORD_VALIDATION, name, "must be full or header");
    }
}
