package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.BOOLEAN;
import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LONG;
import static io.sluice.cluster.api.config.Importance.HIGH;

import java.util.List;

/** How replicas follow each other and who may lead. */
final class BrokerReplicationKeys {
    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("min.insync.replicas", INT, "1")
                    .atLeast(1)
                    .live()
                    .importance(HIGH)
                    .doc("How many replicas must be in sync for a write with acks=all to be taken; never more than"
                            + " the partition has."),
            ConfigKey.of("unclean.leader.election.enable", BOOLEAN, "false")
                    .live()
                    .importance(HIGH)
                    .doc("Whether a replica that is behind may lead when no other can, at the price of lost records."),
            ConfigKey.of("replica.lag.time.max.ms", LONG, "30000")
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How long a follower may be behind before it is no longer counted as in sync."),
            ConfigKey.of("replica.fetch.max.bytes", INT, "1048576")
                    .atLeast(0)
                    .withoutEffect()
                    .doc("How many bytes of a partition a follower asks for at once."),
            ConfigKey.of("replica.fetch.response.max.bytes", INT, "10485760")
                    .atLeast(0)
                    .withoutEffect()
                    .doc("How many bytes a follower asks for at once in all."),
            ConfigKey.of("replica.fetch.wait.max.ms", INT, "500")
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How long a follower's fetch may wait for new records."),
            ConfigKey.of("replica.fetch.min.bytes", INT, "1")
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How many new bytes end the wait of a follower's fetch."),
            ConfigKey.of("replica.high.watermark.checkpoint.interval.ms", LONG, "5000")
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How often the high watermarks of partitions are noted on disk."),
            ConfigKey.of("num.replica.fetchers", INT, "1")
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How many fetches to one leader run at the same time."),
            ConfigKey.of("replica.alter.log.dirs.io.max.bytes.per.second", LONG, "9223372036854775807")
                    .atLeast(0)
                    .live()
                    .doc("How many bytes a second all replicas together may take that move between the broker's log"
                            + " directories; 0 halts them."),
            ConfigKey.of("auto.leader.rebalance.enable", BOOLEAN, "true")
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("Whether leadership goes back to the preferred replicas by itself."),
            ConfigKey.of("leader.imbalance.check.interval.seconds", LONG, "300")
                    .atLeast(1)
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How often the balance of leaders is looked at."));

    private BrokerReplicationKeys() {}
}
