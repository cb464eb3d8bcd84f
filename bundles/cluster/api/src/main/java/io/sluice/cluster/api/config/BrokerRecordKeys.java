package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LONG;
import static io.sluice.cluster.api.config.ConfigType.STRING;
import static io.sluice.cluster.api.config.Importance.HIGH;

import java.util.List;

/** Sizes, codecs and times of records: the defaults of topics that do not say otherwise. */
final class BrokerRecordKeys {
    /** Kafka's default sets no limit; here a small batch cannot become the work of gigabytes. */
    static final String DECOMPRESSED_BYTES = "104857600";

    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("message.max.bytes", INT, "1048588")
                    .atLeast(0)
                    .live()
                    .importance(HIGH)
                    .doc("The largest batch that is taken, as it comes: after compression, if it is compressed."),
            ConfigKey.of("max.decompressed.message.bytes", INT, DECOMPRESSED_BYTES)
                    .limited(Constraint.between(1, 2147483639))
                    .live()
                    .doc("How large a compressed batch may become when it is decoded to be checked."),
            ConfigKey.of("compression.type", STRING, "producer")
                    .limited(Constraint.oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"))
                    .live()
                    .importance(HIGH)
                    .doc("The codec in which batches are stored; producer keeps the one that they come in."),
            ConfigKey.of("compression.gzip.level", INT, "-1")
                    .limited(Constraint.between(1, 9).or("-1"))
                    .live()
                    .doc("The level at which gzip compresses; -1 is its default."),
            ConfigKey.of("compression.lz4.level", INT, "9")
                    .limited(Constraint.between(1, 17))
                    .live()
                    .doc("The level at which lz4 compresses."),
            ConfigKey.of("compression.zstd.level", INT, "3")
                    .limited(Constraint.between(-131072, 22))
                    .live()
                    .doc("The level at which zstd compresses."),
            ConfigKey.of("log.message.timestamp.type", STRING, "CreateTime")
                    .limited(Constraint.oneOf("CreateTime", "LogAppendTime"))
                    .live()
                    .doc("Whether records keep the time that the producer gave, or get that of their arrival."),
            ConfigKey.of("log.message.timestamp.before.max.ms", LONG, Long.toString(Long.MAX_VALUE))
                    .atLeast(0)
                    .live()
                    .doc("How far a record's time may lie before the broker's clock."),
            ConfigKey.of("log.message.timestamp.after.max.ms", LONG, "3600000")
                    .atLeast(0)
                    .live()
                    .doc("How far a record's time may lie after the broker's clock."));

    private BrokerRecordKeys() {}
}
