package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LIST;
import static io.sluice.cluster.api.config.ConfigType.LONG;
import static io.sluice.cluster.api.config.ConfigType.SHORT;
import static io.sluice.cluster.api.config.ConfigType.STRING;
import static io.sluice.cluster.api.config.Importance.HIGH;

import java.util.List;

/** Consumer groups and their committed offsets. */
final class BrokerGroupKeys {
    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("group.min.session.timeout.ms", INT, "6000")
                    .doc("The shortest session that a group member may ask for."),
            ConfigKey.of("group.max.session.timeout.ms", INT, "1800000")
                    .doc("The longest session that a group member may ask for."),
            ConfigKey.of("group.initial.rebalance.delay.ms", INT, "3000")
                    .doc("How long a new group waits for more members before its first rebalance."),
            ConfigKey.of("group.max.size", INT, Integer.toString(Integer.MAX_VALUE))
                    .atLeast(1)
                    .doc("How many members a group may have."),
            ConfigKey.of("group.consumer.session.timeout.ms", INT, "45000")
                    .atLeast(1)
                    .doc("How long a member that uses the consumer protocol may be silent."),
            ConfigKey.of("group.consumer.heartbeat.interval.ms", INT, "5000")
                    .atLeast(1)
                    .doc("How often a member that uses the consumer protocol is to be heard of."),
            ConfigKey.of("group.consumer.max.size", INT, Integer.toString(Integer.MAX_VALUE))
                    .atLeast(1)
                    .doc("How many members a group of the consumer protocol may have."),
            ConfigKey.of("group.consumer.assignment.interval.ms", INT, "1000")
                    .atLeast(0)
                    .doc("How long an assignment of a group of the consumer protocol holds at least."),
            ConfigKey.of("group.consumer.assignors", LIST, "uniform,range")
                    .doc(
                            "Which assignors groups of the consumer protocol may use, ours and those of bundles; the first is"
                                    + " for groups that ask for none."),
            ConfigKey.of("group.consumer.migration.policy", STRING, "bidirectional")
                    .doc("Whether groups with members may change between the classic and the consumer protocol:"
                            + " bidirectional, upgrade, downgrade or disabled."),
            ConfigKey.of("group.consumer.regex.refresh.interval.ms", INT, "600000")
                    .atLeast(10_000)
                    .doc("How often the topics that match a group's regular expressions are looked up again."),
            ConfigKey.of("group.coordinator.threads", INT, "4")
                    .atLeast(1)
                    .importance(HIGH)
                    .withoutEffect()
                    .doc("How many threads work for groups."),
            ConfigKey.of("group.coordinator.append.linger.ms", INT, "-1")
                    .atLeast(-1)
                    .withoutEffect()
                    .doc("How long changes of groups are gathered before they are written; -1 lets the broker choose."),
            ConfigKey.of("group.coordinator.rebalance.protocols", LIST, "classic,consumer,streams")
                    .limited(Constraint.elementsOf("classic", "consumer", "share", "streams"))
                    .withoutEffect()
                    .doc("Which protocols groups may use, as far as their bundles are installed."),
            ConfigKey.of("offset.metadata.max.bytes", INT, "4096")
                    .importance(HIGH)
                    .doc("How long the text beside a committed offset may be."),
            ConfigKey.of("offsets.commit.timeout.ms", INT, "5000")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How long a commit of offsets may wait until it is replicated."),
            ConfigKey.of("offsets.load.buffer.size", INT, "5242880")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many bytes are read at once when groups are loaded."),
            ConfigKey.of("offsets.retention.minutes", INT, "10080")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How long the offsets of a group without members are kept."),
            ConfigKey.of("offsets.retention.check.interval.ms", LONG, "600000")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How often the broker looks for offsets that have expired."),
            ConfigKey.of("offsets.topic.num.partitions", INT, "50")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many partitions the topic of committed offsets has; fixed once it exists."),
            ConfigKey.of("offsets.topic.replication.factor", SHORT, "3")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many replicas the topic of committed offsets gets, or as many as there are brokers if"
                            + " these are fewer."),
            ConfigKey.of("offsets.topic.segment.bytes", INT, "104857600")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("The size of the segments of the topic of committed offsets."),
            ConfigKey.of("offsets.topic.compression.codec", INT, "0")
                    .limited(Constraint.between(0, 4))
                    .importance(HIGH)
                    .doc("The codec of the topic of committed offsets, by its number in the record format."));

    private BrokerGroupKeys() {}
}
