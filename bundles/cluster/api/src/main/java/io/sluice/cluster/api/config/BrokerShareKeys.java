package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.BOOLEAN;
import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.SHORT;
import static io.sluice.cluster.api.config.ConfigType.STRING;
import static io.sluice.cluster.api.config.Importance.HIGH;
import static io.sluice.cluster.api.config.Importance.LOW;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Share groups, and the topic in which they keep their state. */
final class BrokerShareKeys {
    static final List<ConfigKey> KEYS = List.of(
            ConfigKey.of("group.share.session.timeout.ms", INT, "45000")
                    .atLeast(1)
                    .doc("How long a member of a share group may be silent, where the group does not say."),
            ConfigKey.of("group.share.min.session.timeout.ms", INT, "45000")
                    .atLeast(1)
                    .doc("The shortest session that a share group may have."),
            ConfigKey.of("group.share.max.session.timeout.ms", INT, "60000")
                    .atLeast(1)
                    .doc("The longest session that a share group may have."),
            ConfigKey.of("group.share.heartbeat.interval.ms", INT, "5000")
                    .atLeast(1)
                    .doc("How often a member of a share group is to be heard of, where the group does not say."),
            ConfigKey.of("group.share.min.heartbeat.interval.ms", INT, "5000")
                    .atLeast(1)
                    .doc("The shortest interval between heartbeats that a share group may have."),
            ConfigKey.of("group.share.max.heartbeat.interval.ms", INT, "15000")
                    .atLeast(1)
                    .doc("The longest interval between heartbeats that a share group may have."),
            ConfigKey.of("group.share.assignment.interval.ms", INT, "1000")
                    .atLeast(0)
                    .doc("How long an assignment of a share group holds at least, where the group does not say."),
            ConfigKey.of("group.share.min.assignment.interval.ms", INT, "0")
                    .atLeast(0)
                    .doc("The shortest time for which assignments of a share group may hold."),
            ConfigKey.of("group.share.max.assignment.interval.ms", INT, "15000")
                    .atLeast(0)
                    .doc("The longest time for which assignments of a share group may have to hold."),
            ConfigKey.of("group.share.record.lock.duration.ms", INT, "30000")
                    .limited(Constraint.between(1_000, 3_600_000))
                    .doc("How long a member of a share group holds a record that it has fetched, where the group"
                            + " does not say."),
            ConfigKey.of("group.share.min.record.lock.duration.ms", INT, "15000")
                    .limited(Constraint.between(1_000, 30_000))
                    .doc("The shortest time for which records may be held in a share group."),
            ConfigKey.of("group.share.max.record.lock.duration.ms", INT, "60000")
                    .limited(Constraint.between(30_000, 3_600_000))
                    .doc("The longest time for which records may be held in a share group."),
            ConfigKey.of("group.share.delivery.count.limit", INT, "5")
                    .limited(Constraint.between(2, 10))
                    .doc("How often a record is given to a share group before it is given up, where the group does"
                            + " not say."),
            ConfigKey.of("group.share.min.delivery.count.limit", INT, "2")
                    .limited(Constraint.between(2, 5))
                    .doc("The lowest limit of deliveries that a share group may have."),
            ConfigKey.of("group.share.max.delivery.count.limit", INT, "10")
                    .limited(Constraint.between(5, 25))
                    .doc("The highest limit of deliveries that a share group may have."),
            ConfigKey.of("group.share.partition.max.record.locks", INT, "2000")
                    .limited(Constraint.between(100, 10_000))
                    .doc("How many records of a partition a share group may hold at once, where the group does not"
                            + " say."),
            ConfigKey.of("group.share.min.partition.max.record.locks", INT, "100")
                    .limited(Constraint.between(100, 2_000))
                    .doc("The lowest limit of held records that a share group may have."),
            ConfigKey.of("group.share.max.partition.max.record.locks", INT, "4000")
                    .limited(Constraint.between(2_000, 10_000))
                    .doc("The highest limit of held records that a share group may have."),
            ConfigKey.of("group.share.max.size", INT, "200")
                    .limited(Constraint.between(1, 1_000))
                    .doc("How many members a share group may have."),
            ConfigKey.of("group.share.max.share.sessions", INT, "2000")
                    .atLeast(1)
                    .doc("How many members of share groups may read from a broker at once."),
            ConfigKey.of("share.coordinator.load.buffer.size", INT, "5242880")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How much is read at once while the state of share groups is loaded."),
            ConfigKey.of("share.coordinator.snapshot.update.records.per.snapshot", INT, "500")
                    .limited(Constraint.between(0, 500))
                    .doc("How many changes of a share partition are written before the next snapshot of it."),
            ConfigKey.of("share.coordinator.state.topic.prune.interval.ms", INT, "300000")
                    .atLeast(1)
                    .importance(LOW)
                    .doc("How often what is of no use any more is deleted from the topic of share groups."),
            ConfigKey.of("share.coordinator.state.topic.compression.codec", INT, "0")
                    .limited(Constraint.between(0, 4))
                    .importance(HIGH)
                    .doc("How the topic of share groups is compressed, by its number in the format."),
            ConfigKey.of("share.coordinator.write.timeout.ms", INT, "5000")
                    .atLeast(1)
                    .importance(HIGH)
                    .doc("How long a change of a share partition may take to be committed."),
            ConfigKey.of("errors.deadletterqueue.auto.create.topics.enable", BOOLEAN, "false")
                    .doc("Whether topics for the records that share groups give up are made when they are needed."),
            ConfigKey.of("errors.deadletterqueue.topic.name.prefix", STRING, "dlq.")
                    .doc("How the names of topics must begin that take the records that share groups give up."),
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

    private static final String HEARTBEAT = "group.share.heartbeat.interval.ms";
    private static final String SESSION = "group.share.session.timeout.ms";

    private static final Map<String, String> DEFAULTS =
            KEYS.stream().collect(Collectors.toMap(ConfigKey::name, key -> Objects.requireNonNull(key.defaultValue())));

    /** Pairs of keys of which the first must not be above the second, as in Kafka. */
    private static final List<List<String>> ORDERED = List.of(
            List.of("group.share.min.heartbeat.interval.ms", HEARTBEAT),
            List.of(HEARTBEAT, "group.share.max.heartbeat.interval.ms"),
            List.of("group.share.min.session.timeout.ms", SESSION),
            List.of(SESSION, "group.share.max.session.timeout.ms"),
            List.of("group.share.min.assignment.interval.ms", "group.share.assignment.interval.ms"),
            List.of("group.share.assignment.interval.ms", "group.share.max.assignment.interval.ms"),
            List.of("group.share.min.delivery.count.limit", "group.share.delivery.count.limit"),
            List.of("group.share.delivery.count.limit", "group.share.max.delivery.count.limit"),
            List.of("group.share.min.partition.max.record.locks", "group.share.partition.max.record.locks"),
            List.of("group.share.partition.max.record.locks", "group.share.max.partition.max.record.locks"),
            List.of("group.share.min.record.lock.duration.ms", "group.share.record.lock.duration.ms"),
            List.of("group.share.record.lock.duration.ms", "group.share.max.record.lock.duration.ms"),
            List.of("group.share.max.size", "group.share.max.share.sessions"));

    private BrokerShareKeys() {}

    /** @return a sentence about two of these keys that contradict each other, by what is given or else by default; null when none do */
    static @Nullable String conflict(Map<String, String> given) {
        for (List<String> pair : ORDERED) {
            if (number(given, pair.get(0)) > number(given, pair.get(1))) {
                return sentence(given, pair.get(1), "greater than or equal to", pair.get(0));
            }
        }
        return number(given, HEARTBEAT) >= number(given, SESSION)
                ? sentence(given, HEARTBEAT, "less than", SESSION)
                : null;
    }

    private static long number(Map<String, String> given, String key) {
        return Long.parseLong(value(given, key).trim());
    }

    private static String sentence(Map<String, String> given, String key, String relation, String other) {
        return key + " (" + value(given, key) + ") must be " + relation + " " + other + " (" + value(given, other)
                + ")";
    }

    private static String value(Map<String, String> given, String key) {
        String value = given.get(key);
        return value == null ? DEFAULTS.getOrDefault(key, "0") : value;
    }
}
