package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.SHORT;
import static io.sluice.cluster.api.config.Importance.HIGH;

import java.util.List;

/** The topic in which share groups keep their state. */
final class BrokerShareKeys {
    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("share.coordinator.state.topic.num.partitions", INT, "50")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many partitions the topic of share groups has; fixed once it exists."),
            ConfigKey.of("share.coordinator.state.topic.replication.factor", SHORT, "3")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many replicas the topic of share groups gets, or as many as there are brokers if these"
                            + " are fewer."),
            ConfigKey.of("share.coordinator.state.topic.min.isr", SHORT, "2")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How many replicas of the topic of share groups must be in sync; never more than it has."),
            ConfigKey.of("share.coordinator.state.topic.segment.bytes", INT, "104857600")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("The size of the segments of the topic of share groups."));

    private BrokerShareKeys() {}
}
