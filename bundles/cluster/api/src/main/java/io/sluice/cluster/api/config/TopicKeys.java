package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.BOOLEAN;
import static io.sluice.cluster.api.config.ConfigType.DOUBLE;
import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LIST;
import static io.sluice.cluster.api.config.ConfigType.LONG;
import static io.sluice.cluster.api.config.ConfigType.STRING;
import static io.sluice.cluster.api.config.Importance.HIGH;

import io.sluice.cluster.api.config.ConfigKey.Synonym;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The keys of topics: Kafka's that mean something here, with its defaults and limits, and our own. */
public final class TopicKeys {
    /** The engine that stores the topic; fixed when the topic is made. */
    public static final String STORAGE_ENGINE = "storage.engine";

    /** How much of each incoming batch is checked. */
    public static final String RECORD_VALIDATION = "record.validation";

    public static final String MAX_DECOMPRESSED_MESSAGE_BYTES = "max.decompressed.message.bytes";
    /** When an append counts as safe. */
    public static final String DURABILITY = "durability";

    public static final String DURABILITY_INTERVAL_MS = "durability.interval.ms";
    public static final String CLEANUP_POLICY = "cleanup.policy";
    public static final String COMPRESSION_TYPE = "compression.type";
    public static final String MAX_MESSAGE_BYTES = "max.message.bytes";
    public static final String MIN_IN_SYNC_REPLICAS = "min.insync.replicas";
    public static final String RETENTION_MS = "retention.ms";
    public static final String RETENTION_BYTES = "retention.bytes";
    public static final String SEGMENT_BYTES = "segment.bytes";
    public static final String INTERNAL_SEGMENT_BYTES = "internal.segment.bytes";
    public static final String SEGMENT_MS = "segment.ms";
    public static final String MIN_COMPACTION_LAG_MS = "min.compaction.lag.ms";
    public static final String MAX_COMPACTION_LAG_MS = "max.compaction.lag.ms";

    private static final String FOREVER = Long.toString(Long.MAX_VALUE);
    private static final String REPLICA_LIST = "\\s*(\\*|(\\d+:\\d+\\s*(,\\s*\\d+:\\d+\\s*)*)?)";
    private static final long HOUR_MS = TimeUnit.HOURS.toMillis(1);
    private static final long MINUTE_MS = TimeUnit.MINUTES.toMillis(1);

    /** All of them. */
    public static final ConfigCatalogue CATALOGUE = new ConfigCatalogue("topic config name", all());

    private TopicKeys() {}

    /** @return a sentence about two keys that contradict each other in a complete configuration; null when none do */
    public static @Nullable String conflict(Map<String, String> effective) {
        String least = effective.get(MIN_COMPACTION_LAG_MS);
        String most = effective.get(MAX_COMPACTION_LAG_MS);
        if (least != null && most != null && Long.parseLong(least.trim()) > Long.parseLong(most.trim())) {
            return "conflict topic config setting " + MIN_COMPACTION_LAG_MS + " (" + least + ") > "
                    + MAX_COMPACTION_LAG_MS + " (" + most + ")";
        }
        return null;
    }

    private static List<ConfigKey> all() {
        List<ConfigKey> keys = new ArrayList<>();
        keys.addAll(own());
        keys.addAll(durability());
        keys.addAll(retention());
        keys.addAll(segments());
        keys.addAll(compaction());
        keys.addAll(records());
        keys.addAll(replication());
        keys.addAll(elsewhere());
        return keys;
    }

    private static ConfigKey key(String name, ConfigType type, String defaultValue) {
        return ConfigKey.of(name, type, defaultValue).live();
    }

    private static List<ConfigKey> own() {
        return List.of(
                ConfigKey.of(STORAGE_ENGINE, STRING, "segment")
                        .limited(Constraint.matching(
                                "[a-z0-9][a-z0-9-]{0,62}", "the name of an engine: lower case letters, digits, dashes"))
                        .dynamic(UpdateMode.READ_ONLY, Effect.NEW_TOPICS)
                        .importance(HIGH)
                        .doc("The storage engine that holds the topic's records. It is chosen when the topic is"
                                + " created; engine:migrate moves a topic to another one."),
                key(RECORD_VALIDATION, STRING, "full")
                        .limited(Constraint.oneOf("full", "header"))
                        .broker("log.record.validation")
                        .doc("How incoming batches are checked: full looks at every record, header only at the"
                                + " checksum and the header of the batch."));
    }

    private static List<ConfigKey> durability() {
        return List.of(
                key(DURABILITY, STRING, "os")
                        .limited(Constraint.oneOf("os", "group", "interval"))
                        .broker("log.durability")
                        .importance(HIGH)
                        .doc("When records are acknowledged: os once the operating system has them, group once an fsync"
                                + " covers them (which also holds them back from readers until then), interval at once"
                                + " with an fsync within durability.interval.ms."),
                key(DURABILITY_INTERVAL_MS, LONG, "1000")
                        .atLeast(1)
                        .broker("log.durability.interval.ms")
                        .doc("Within how many milliseconds records are forced to disk where durability is interval."));
    }

    private static List<ConfigKey> retention() {
        return List.of(
                key(RETENTION_MS, LONG, "604800000")
                        .atLeast(-1)
                        .importance(HIGH)
                        .synonyms(
                                new Synonym("log.retention.ms", 1),
                                new Synonym("log.retention.minutes", MINUTE_MS),
                                new Synonym("log.retention.hours", HOUR_MS))
                        .doc("How long records are kept, in milliseconds, where the cleanup policy deletes;"
                                + " -1 keeps them for ever."),
                key(RETENTION_BYTES, LONG, "-1")
                        .atLeast(-1)
                        .importance(HIGH)
                        .broker("log.retention.bytes")
                        .doc("How large a partition may grow before its oldest segments are deleted, where the"
                                + " cleanup policy deletes; -1 sets no limit."),
                key(CLEANUP_POLICY, LIST, "delete")
                        .limited(Constraint.elementsOf("compact", "delete"))
                        .importance(HIGH)
                        .broker("log.cleanup.policy")
                        .doc("What becomes of old records: delete drops whole segments by age and size, compact keeps"
                                + " the last record of each key, and both may be given."),
                key("file.delete.delay.ms", LONG, "60000")
                        .atLeast(0)
                        .broker("log.segment.delete.delay.ms")
                        .doc("How long the files of a removed segment stay on disk for readers that still use them."));
    }

    private static List<ConfigKey> segments() {
        return List.of(
                key(SEGMENT_BYTES, INT, "1073741824")
                        .atLeast(1 << 20)
                        .broker("log.segment.bytes")
                        .doc("The size at which a partition begins its next segment."),
                ConfigKey.of(INTERNAL_SEGMENT_BYTES, INT, null)
                        .atLeast(1)
                        .live()
                        .doc("Below the least that segment.bytes allows, for tests; not shown unless it is set."),
                key(SEGMENT_MS, LONG, "604800000")
                        .atLeast(1)
                        .synonyms(new Synonym("log.roll.ms", 1), new Synonym("log.roll.hours", HOUR_MS))
                        .doc("The age at which a partition begins its next segment even if it is not full."),
                key("segment.jitter.ms", LONG, "0")
                        .atLeast(0)
                        .synonyms(new Synonym("log.roll.jitter.ms", 1), new Synonym("log.roll.jitter.hours", HOUR_MS))
                        .doc("Up to how much a segment's greatest age is shortened at random, so that many partitions"
                                + " do not roll at the same moment."),
                key("segment.index.bytes", INT, "10485760")
                        .atLeast(4)
                        .dynamic(UpdateMode.CLUSTER_WIDE, Effect.NEW_SEGMENTS)
                        .broker("log.index.size.max.bytes")
                        .doc("How large the offset index of a segment may become before the segment is rolled."),
                key("index.interval.bytes", INT, "4096")
                        .atLeast(0)
                        .broker("log.index.interval.bytes")
                        .doc("How many bytes of records lie between two entries of the offset index."),
                key("preallocate", BOOLEAN, "false")
                        .dynamic(UpdateMode.CLUSTER_WIDE, Effect.NEW_SEGMENTS)
                        .broker("log.preallocate")
                        .doc("Whether a new segment's file gets its full size at once."),
                key("flush.messages", LONG, FOREVER)
                        .atLeast(1)
                        .broker("log.flush.interval.messages")
                        .doc("After how many records the log is forced to disk. The default leaves that to the"
                                + " operating system."),
                key("flush.ms", LONG, FOREVER)
                        .atLeast(0)
                        .synonyms(
                                new Synonym("log.flush.interval.ms", 1),
                                new Synonym("log.flush.scheduler.interval.ms", 1))
                        .doc("After how many milliseconds the log is forced to disk. The default leaves that to the"
                                + " operating system."));
    }

    private static List<ConfigKey> compaction() {
        return List.of(
                key("min.cleanable.dirty.ratio", DOUBLE, "0.5")
                        .limited(Constraint.fraction())
                        .broker("log.cleaner.min.cleanable.ratio")
                        .doc("Which part of a compacted log must be uncleaned before it is compacted again."),
                key(MIN_COMPACTION_LAG_MS, LONG, "0")
                        .atLeast(0)
                        .broker("log.cleaner.min.compaction.lag.ms")
                        .doc("How long a record is safe from compaction after it was written."),
                key(MAX_COMPACTION_LAG_MS, LONG, FOREVER)
                        .atLeast(1)
                        .broker("log.cleaner.max.compaction.lag.ms")
                        .doc("How long a record may wait until its log is due for compaction."),
                key("delete.retention.ms", LONG, "86400000")
                        .atLeast(0)
                        .broker("log.cleaner.delete.retention.ms")
                        .doc("How long a compacted topic keeps the mark that a key was deleted, so that readers can"
                                + " see it."));
    }

    private static List<ConfigKey> records() {
        return List.of(
                key(MAX_MESSAGE_BYTES, INT, "1048588")
                        .atLeast(0)
                        .broker("message.max.bytes")
                        .doc("The largest batch that is taken, as it comes: after compression, if it is compressed."),
                key(MAX_DECOMPRESSED_MESSAGE_BYTES, INT, BrokerRecordKeys.DECOMPRESSED_BYTES)
                        .limited(Constraint.between(1, 2147483639))
                        .broker(MAX_DECOMPRESSED_MESSAGE_BYTES)
                        .doc("How large a compressed batch may become when it is decoded to be checked."),
                key(COMPRESSION_TYPE, STRING, "producer")
                        .limited(Constraint.oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"))
                        .broker(COMPRESSION_TYPE)
                        .doc("The codec in which batches are stored; producer keeps the one that they come in."),
                key("compression.gzip.level", INT, "-1")
                        .limited(Constraint.between(1, 9).or("-1"))
                        .broker("compression.gzip.level")
                        .doc("The level at which gzip compresses where the topic's codec is gzip; -1 is its default."),
                key("compression.lz4.level", INT, "9")
                        .limited(Constraint.between(1, 17))
                        .broker("compression.lz4.level")
                        .doc("The level at which lz4 compresses where the topic's codec is lz4."),
                key("compression.zstd.level", INT, "3")
                        .limited(Constraint.between(-131072, 22))
                        .broker("compression.zstd.level")
                        .doc("The level at which zstd compresses where the topic's codec is zstd."),
                key("message.timestamp.type", STRING, "CreateTime")
                        .limited(Constraint.oneOf("CreateTime", "LogAppendTime"))
                        .broker("log.message.timestamp.type")
                        .doc("Whether records keep the time that the producer gave, or get that of their arrival."),
                key("message.timestamp.before.max.ms", LONG, FOREVER)
                        .atLeast(0)
                        .broker("log.message.timestamp.before.max.ms")
                        .doc("How far a record's time may lie before the broker's clock."),
                key("message.timestamp.after.max.ms", LONG, "3600000")
                        .atLeast(0)
                        .broker("log.message.timestamp.after.max.ms")
                        .doc("How far a record's time may lie after the broker's clock."));
    }

    /** Kafka's keys for tiered storage and dead letters, neither of which is here; that it is here cannot be said. */
    private static List<ConfigKey> elsewhere() {
        return List.of(
                tiered("remote.storage.enable", BOOLEAN, "false", "Whether old segments go to tiered storage."),
                tiered(
                        "remote.log.copy.disable",
                        BOOLEAN,
                        "false",
                        "Whether segments are no longer copied to tiered storage."),
                tiered(
                        "remote.log.delete.on.disable",
                        BOOLEAN,
                        "false",
                        "Whether tiered segments are deleted when tiered storage is disabled."),
                tiered(
                                "remote.copy.lag.ms",
                                LONG,
                                "0",
                                "How old a segment must be before it is copied to tiered storage.")
                        .broker("log.remote.copy.lag.ms"),
                tiered(
                                "remote.copy.lag.bytes",
                                LONG,
                                "-1",
                                "How far behind the log's end a segment must be before it is copied to tiered storage.")
                        .broker("log.remote.copy.lag.bytes"),
                tiered(
                                "local.retention.ms",
                                LONG,
                                "-2",
                                "How long segments that were copied to tiered storage stay here, too.")
                        .broker("log.local.retention.ms"),
                tiered(
                                "local.retention.bytes",
                                LONG,
                                "-2",
                                "How many bytes of segments that were copied to tiered storage stay here, too.")
                        .broker("log.local.retention.bytes"),
                key("errors.deadletterqueue.group.enable", BOOLEAN, "false")
                        .doc("Whether share groups may write the records that they give up to this topic."));
    }

    /** Nothing could obey it, so only its default is taken: what a topic is set to, it has. */
    private static ConfigKey tiered(String name, ConfigType type, String defaultValue, String meaning) {
        Constraint none = value -> value.equalsIgnoreCase(defaultValue)
                ? null
                : "Value must be " + defaultValue + ": there is no tiered storage here";
        return ConfigKey.of(name, type, defaultValue)
                .limited(none)
                .dynamic(UpdateMode.CLUSTER_WIDE, Effect.NONE)
                .doc(meaning);
    }

    /** It can be set, as in Kafka, and the description says that nothing obeys it. */
    private static List<ConfigKey> replication() {
        return List.of(
                key(MIN_IN_SYNC_REPLICAS, INT, "1")
                        .atLeast(1)
                        .broker(MIN_IN_SYNC_REPLICAS)
                        .doc("How many replicas must be in sync for a write with acks=all to be taken; never more"
                                + " than the partition has."),
                key("unclean.leader.election.enable", BOOLEAN, "false")
                        .broker("unclean.leader.election.enable")
                        .doc("Whether a replica that is behind may lead when no other can, at the price of lost"
                                + " records."),
                key("leader.replication.throttled.replicas", LIST, "")
                        .limited(Constraint.matching(REPLICA_LIST, "* or a list of partition:broker"))
                        .doc("For which replicas the leader's side of replication is slowed to the throttle's rate."),
                key("follower.replication.throttled.replicas", LIST, "")
                        .limited(Constraint.matching(REPLICA_LIST, "* or a list of partition:broker"))
                        .doc("For which replicas the follower's side of replication is slowed to the throttle's"
                                + " rate."));
    }
}
