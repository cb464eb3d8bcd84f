package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.BOOLEAN;
import static io.sluice.cluster.api.config.ConfigType.DOUBLE;
import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LIST;
import static io.sluice.cluster.api.config.ConfigType.LONG;
import static io.sluice.cluster.api.config.ConfigType.STRING;
import static io.sluice.cluster.api.config.Importance.HIGH;
import static io.sluice.cluster.api.config.Importance.LOW;

import io.sluice.cluster.api.config.ConfigKey.Synonym;
import java.util.List;

/** Segments, retention, flushing and compaction: mostly the defaults of topics that do not say otherwise. */
final class BrokerLogKeys {
    private static final String FOREVER = Long.toString(Long.MAX_VALUE);
    private static final Synonym[] RETENTION = {
        new Synonym("log.retention.ms", 1),
        new Synonym("log.retention.minutes", 1),
        new Synonym("log.retention.hours", 1)
    };
    private static final Synonym[] ROLL = {new Synonym("log.roll.ms", 1), new Synonym("log.roll.hours", 1)};
    private static final Synonym[] JITTER = {
        new Synonym("log.roll.jitter.ms", 1), new Synonym("log.roll.jitter.hours", 1)
    };

    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("log.retention.ms", LONG, null)
                    .atLeast(-1)
                    .live()
                    .importance(HIGH)
                    .synonyms(RETENTION)
                    .doc("How long topics keep records, in milliseconds; -1 keeps them for ever."),
            ConfigKey.of("log.retention.minutes", INT, null)
                    .atLeast(-1)
                    .importance(HIGH)
                    .synonyms(RETENTION)
                    .doc("How long topics keep records, in minutes, where log.retention.ms is not given."),
            ConfigKey.of("log.retention.hours", INT, "168")
                    .atLeast(-1)
                    .importance(HIGH)
                    .synonyms(RETENTION)
                    .doc("How long topics keep records, in hours, where no finer key is given."),
            ConfigKey.of("log.retention.bytes", LONG, "-1")
                    .atLeast(-1)
                    .live()
                    .importance(HIGH)
                    .doc("How large a partition may grow before its oldest segments are deleted; -1 sets no limit."),
            ConfigKey.of("log.retention.check.interval.ms", LONG, "300000")
                    .atLeast(1)
                    .doc("How often the broker looks for segments that can be deleted."),
            ConfigKey.of("log.cleanup.policy", LIST, "delete")
                    .limited(Constraint.elementsOf("compact", "delete"))
                    .live()
                    .doc("What becomes of the old records of topics: delete, compact, or both."),
            ConfigKey.of("log.segment.bytes", INT, "1073741824")
                    .atLeast(1 << 20)
                    .live()
                    .importance(HIGH)
                    .doc("The size at which a partition begins its next segment."),
            ConfigKey.of("log.segment.delete.delay.ms", LONG, "60000")
                    .atLeast(0)
                    .live()
                    .importance(HIGH)
                    .doc("How long the files of a removed segment stay on disk."),
            ConfigKey.of("log.roll.ms", LONG, null)
                    .atLeast(1)
                    .live()
                    .importance(HIGH)
                    .synonyms(ROLL)
                    .doc("The age, in milliseconds, at which a partition begins its next segment."),
            ConfigKey.of("log.roll.hours", INT, "168")
                    .atLeast(1)
                    .importance(HIGH)
                    .synonyms(ROLL)
                    .doc("The age, in hours, at which a partition begins its next segment, where log.roll.ms is not"
                            + " given."),
            ConfigKey.of("log.roll.jitter.ms", LONG, null)
                    .atLeast(0)
                    .live()
                    .importance(HIGH)
                    .synonyms(JITTER)
                    .doc("Up to how many milliseconds a segment's greatest age is shortened at random."),
            ConfigKey.of("log.roll.jitter.hours", INT, "0")
                    .atLeast(0)
                    .importance(HIGH)
                    .synonyms(JITTER)
                    .doc("Up to how many hours a segment's greatest age is shortened at random, where"
                            + " log.roll.jitter.ms is not given."),
            ConfigKey.of("log.index.size.max.bytes", INT, "10485760")
                    .atLeast(4)
                    .dynamic(UpdateMode.CLUSTER_WIDE, Effect.NEW_SEGMENTS)
                    .doc("How large the offset index of a segment may become."),
            ConfigKey.of("log.index.interval.bytes", INT, "4096")
                    .atLeast(0)
                    .live()
                    .doc("How many bytes of records lie between two entries of an offset index."),
            ConfigKey.of("log.preallocate", BOOLEAN, "false")
                    .dynamic(UpdateMode.CLUSTER_WIDE, Effect.NEW_SEGMENTS)
                    .doc("Whether a new segment's file gets its full size at once."),
            ConfigKey.of("log.flush.interval.messages", LONG, FOREVER)
                    .atLeast(1)
                    .live()
                    .importance(HIGH)
                    .doc("After how many records a log is forced to disk."),
            ConfigKey.of("log.flush.interval.ms", LONG, null)
                    .atLeast(0)
                    .live()
                    .importance(HIGH)
                    .synonyms(
                            new Synonym("log.flush.interval.ms", 1), new Synonym("log.flush.scheduler.interval.ms", 1))
                    .doc("After how many milliseconds a log is forced to disk; by default"
                            + " log.flush.scheduler.interval.ms decides."),
            ConfigKey.of("log.flush.scheduler.interval.ms", LONG, FOREVER)
                    .atLeast(0)
                    .importance(HIGH)
                    .doc("How often the broker looks for logs that are to be forced to disk."),
            ConfigKey.of("log.flush.offset.checkpoint.interval.ms", INT, "60000")
                    .atLeast(0)
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How often the point up to which logs are known to be on disk is noted."),
            ConfigKey.of("log.flush.start.offset.checkpoint.interval.ms", INT, "60000")
                    .atLeast(0)
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How often the first offsets of logs are noted."),
            ConfigKey.of("log.initial.task.delay.ms", LONG, "30000")
                    .atLeast(0)
                    .importance(LOW)
                    .withoutEffect()
                    .doc("How long after the start the first upkeep of logs begins."),
            ConfigKey.of("log.record.validation", STRING, "full")
                    .limited(Constraint.oneOf("full", "header"))
                    .live()
                    .doc("How incoming batches are checked: full looks at every record, header only at the"
                            + " checksum and the header of the batch."),
            ConfigKey.of("log.durability", STRING, "os")
                    .limited(Constraint.oneOf("os", "group", "interval"))
                    .live()
                    .importance(HIGH)
                    .doc("When records are acknowledged in topics that do not say it: os, group or interval."),
            ConfigKey.of("log.durability.interval.ms", LONG, "1000")
                    .atLeast(1)
                    .live()
                    .doc("Within how many milliseconds records are forced to disk where durability is interval."),
            ConfigKey.of("storage.reserve.bytes", LONG, "1073741824")
                    .atLeast(0)
                    .live()
                    .importance(HIGH)
                    .doc("How much of each log directory's disk stays free: below it, clients' records are refused with"
                            + " KAFKA_STORAGE_ERROR until there is room again, and retention is hurried. At most a"
                            + " twentieth of the disk is held back. Internal topics may use it."),
            ConfigKey.of("log.dir.max.bytes", LONG, "-1")
                    .atLeast(-1)
                    .live()
                    .doc(
                            "How many bytes the logs in one log directory may take, beside what the disk allows; -1 sets no"
                                    + " limit."),
            ConfigKey.of("log.staging.bytes", LONG, "33554432")
                    .atLeast(0)
                    .doc(
                            "How much memory the newest records of busy partitions may wait in, in a mapped file that outlives"
                                    + " the process, before they are written to their segments in large pieces past the page cache."
                                    + " Costs less than writing through the page cache; readers that fall behind it read from the"
                                    + " disk. 0 writes through the page cache."),
            ConfigKey.of("log.cleaner.enable", BOOLEAN, "true").doc("Whether compacted topics are compacted."),
            ConfigKey.of("log.cleaner.threads", INT, "1")
                    .atLeast(0)
                    .live()
                    .doc("How many logs are compacted at the same time."),
            ConfigKey.of("log.cleaner.backoff.ms", LONG, "15000")
                    .atLeast(0)
                    .live()
                    .doc("How long compaction pauses when no log needs it."),
            ConfigKey.of("log.cleaner.dedupe.buffer.size", LONG, "134217728")
                    .live()
                    .doc("How much memory compaction may use to tell keys apart."),
            ConfigKey.of("log.cleaner.io.buffer.size", INT, "524288")
                    .atLeast(0)
                    .live()
                    .doc("How much memory compaction uses to read and write."),
            ConfigKey.of("log.cleaner.io.buffer.load.factor", DOUBLE, "0.9")
                    .withoutEffect()
                    .doc("How full compaction's table of keys may become."),
            ConfigKey.of("log.cleaner.io.max.bytes.per.second", DOUBLE, "1.7976931348623157E308")
                    .live()
                    .doc("How many bytes compaction reads and writes in a second at most."),
            ConfigKey.of("log.cleaner.delete.retention.ms", LONG, "86400000")
                    .atLeast(0)
                    .live()
                    .doc("How long compacted topics keep the mark that a key was deleted."),
            ConfigKey.of("log.cleaner.min.cleanable.ratio", DOUBLE, "0.5")
                    .limited(Constraint.fraction())
                    .live()
                    .doc("Which part of a compacted log must be uncleaned before it is compacted again."),
            ConfigKey.of("log.cleaner.min.compaction.lag.ms", LONG, "0")
                    .atLeast(0)
                    .live()
                    .doc("How long a record is safe from compaction after it was written."),
            ConfigKey.of("log.cleaner.max.compaction.lag.ms", LONG, FOREVER)
                    .atLeast(1)
                    .live()
                    .doc("How long a record may wait until its log is due for compaction."));

    private BrokerLogKeys() {}
}
