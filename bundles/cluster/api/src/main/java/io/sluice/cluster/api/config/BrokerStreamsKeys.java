package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LIST;
import static io.sluice.cluster.api.config.Importance.LOW;

import java.util.List;

/** Streams groups (KIP-1071). */
final class BrokerStreamsKeys {
    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("group.streams.session.timeout.ms", INT, "45000")
                    .atLeast(1)
                    .doc("How long a member of a streams group may be silent, where the group does not say."),
            ConfigKey.of("group.streams.min.session.timeout.ms", INT, "45000")
                    .atLeast(1)
                    .doc("The shortest session that a streams group may have."),
            ConfigKey.of("group.streams.max.session.timeout.ms", INT, "60000")
                    .atLeast(1)
                    .doc("The longest session that a streams group may have."),
            ConfigKey.of("group.streams.heartbeat.interval.ms", INT, "5000")
                    .atLeast(1)
                    .doc("How often a member of a streams group is to be heard of, where the group does not say."),
            ConfigKey.of("group.streams.min.heartbeat.interval.ms", INT, "5000")
                    .atLeast(1)
                    .doc("The shortest interval between heartbeats that a streams group may have."),
            ConfigKey.of("group.streams.max.heartbeat.interval.ms", INT, "15000")
                    .atLeast(1)
                    .doc("The longest interval between heartbeats that a streams group may have."),
            ConfigKey.of("group.streams.assignment.interval.ms", INT, "1000")
                    .atLeast(0)
                    .doc("How long an assignment of a streams group holds at least, where the group does not say."),
            ConfigKey.of("group.streams.min.assignment.interval.ms", INT, "0")
                    .atLeast(0)
                    .doc("The shortest time for which assignments of a streams group may hold."),
            ConfigKey.of("group.streams.max.assignment.interval.ms", INT, "15000")
                    .atLeast(0)
                    .doc("The longest time for which assignments of a streams group may have to hold."),
            ConfigKey.of("group.streams.initial.rebalance.delay.ms", INT, "3000")
                    .atLeast(0)
                    .doc("How long a new streams group waits for more members, where the group does not say."),
            ConfigKey.of("group.streams.num.standby.replicas", INT, "0")
                    .atLeast(0)
                    .doc("How many spare copies of its state a streams group keeps, where the group does not say."),
            ConfigKey.of("group.streams.max.standby.replicas", INT, "2")
                    .atLeast(0)
                    .doc("How many spare copies of its state a streams group may keep at most."),
            ConfigKey.of("group.streams.rack.aware.assignment.tags", LIST, "")
                    .importance(LOW)
                    .doc("By which tags of its members a streams group spreads its spare copies, where the group does"
                            + " not say."),
            ConfigKey.of("group.streams.max.size", INT, "2147483647")
                    .atLeast(1)
                    .doc("How many members a streams group may have."));

    private BrokerStreamsKeys() {}
}
