package io.sluice.cluster.api.config;

import static io.sluice.cluster.api.config.ConfigType.BOOLEAN;
import static io.sluice.cluster.api.config.ConfigType.INT;
import static io.sluice.cluster.api.config.ConfigType.LIST;
import static io.sluice.cluster.api.config.ConfigType.STRING;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys of groups (KIP-848, KIP-932, KIP-1071), with the broker keys that give their defaults and their limits. */
public final class GroupKeys {
    private static final String BY_DURATION = "by_duration:";

    /** All of them. */
    public static final ConfigCatalogue CATALOGUE = new ConfigCatalogue(
            "group config name",
            List.of(
                    bounded("consumer.session.timeout.ms", "45000", 1)
                            .doc("How long a member of a consumer group may be silent before it is taken for gone."),
                    bounded("consumer.heartbeat.interval.ms", "5000", 1)
                            .doc("How often a member of a consumer group is to be heard of."),
                    bounded("consumer.assignment.interval.ms", "1000", 0)
                            .doc("How long an assignment of a consumer group holds at least."),
                    bounded("share.session.timeout.ms", "45000", 1)
                            .doc("How long a member of a share group may be silent before it is taken for gone."),
                    bounded("share.heartbeat.interval.ms", "5000", 1)
                            .doc("How often a member of a share group is to be heard of."),
                    bounded("share.assignment.interval.ms", "1000", 0)
                            .doc("How long an assignment of a share group holds at least."),
                    bounded("share.record.lock.duration.ms", "30000", 1000)
                            .doc("How long a member of a share group holds a record that it has fetched."),
                    bounded("share.delivery.count.limit", "5", 2)
                            .doc("How often a record is given to a share group before it is given up."),
                    bounded("share.partition.max.record.locks", "2000", 100)
                            .doc("How many records of a partition a share group may hold at once."),
                    own("share.auto.offset.reset", STRING, "latest")
                            .limited(GroupKeys::resetProblem)
                            .doc("Where a share group begins in a partition that it has not read yet."),
                    own("share.isolation.level", STRING, "read_uncommitted")
                            .limited(Constraint.oneOf("read_committed", "read_uncommitted"))
                            .doc("Whether a share group sees records of transactions that are not committed."),
                    own("share.renew.acknowledge.enable", BOOLEAN, "true")
                            .doc("Whether a member of a share group may prolong its hold on a record."),
                    own("errors.deadletterqueue.copy.record.enable", BOOLEAN, "false")
                            .doc("Whether a record that a share group gives up is copied whole."),
                    own("errors.deadletterqueue.topic.name", STRING, "")
                            .doc("The topic for the records that a share group gives up."),
                    bounded("streams.session.timeout.ms", "45000", 1)
                            .doc("How long a member of a streams group may be silent before it is taken for gone."),
                    bounded("streams.heartbeat.interval.ms", "5000", 1)
                            .doc("How often a member of a streams group is to be heard of."),
                    bounded("streams.assignment.interval.ms", "1000", 0)
                            .doc("How long an assignment of a streams group holds at least."),
                    bounded("streams.initial.rebalance.delay.ms", "3000", 0)
                            .doc("How long a new streams group waits for more members."),
                    bounded("streams.num.standby.replicas", "0", 0)
                            .doc("How many spare copies of its state a streams group keeps."),
                    own("streams.assignor.name", STRING, "sticky")
                            .broker("group.streams.assignors")
                            .doc("Which assignor a streams group uses."),
                    own("streams.rack.aware.assignment.tags", LIST, "")
                            .broker("group.streams.rack.aware.assignment.tags")
                            .doc("By which tags of its members a streams group spreads its spare copies.")));

    private GroupKeys() {}

    private static ConfigKey own(String name, ConfigType type, String otherwise) {
        return ConfigKey.of(name, type, otherwise).live();
    }

    private static ConfigKey bounded(String name, String otherwise, long least) {
        return own(name, INT, otherwise).atLeast(least).broker("group." + name);
    }

    private static @Nullable String resetProblem(String value) {
        if (value.equals("earliest") || value.equals("latest")) {
            return null;
        }
        return value.startsWith(BY_DURATION) && isDuration(value.substring(BY_DURATION.length()))
                ? null
                : "Value must be earliest, latest, or by_duration: with a duration such as PT1H";
    }

    private static boolean isDuration(String value) {
        try {
            return !Duration.parse(value).isNegative();
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    /**
     * What the broker's configuration does not let a group have.
     *
     * @param configs values that each key takes by itself
     * @param broker the value of a broker's key, null for one that is unset
     * @return a sentence; null when all is well
     */
    public static @Nullable String beyond(Map<String, String> configs, Function<String, @Nullable String> broker) {
        for (Map.Entry<String, String> config : new TreeMap<>(configs).entrySet()) {
            ConfigKey key = CATALOGUE.key(config.getKey());
            if (key == null || key.type() != INT) {
                continue;
            }
            int dot = key.name().indexOf('.');
            String prefix = "group." + key.name().substring(0, dot);
            String rest = key.name().substring(dot);
            long value = Long.parseLong(config.getValue().trim());
            String least = broker.apply(prefix + ".min" + rest);
            String most = broker.apply(prefix + ".max" + rest);
            if (least != null && most != null && (value < Long.parseLong(least) || value > Long.parseLong(most))) {
                return key.name() + " must be in the range " + least + " to " + most + " inclusive.";
            }
        }
        String standbys = configs.get("streams.num.standby.replicas");
        String most = broker.apply("group.streams.max.standby.replicas");
        if (standbys != null && most != null && Long.parseLong(standbys.trim()) > Long.parseLong(most)) {
            return "streams.num.standby.replicas must be less than or equal to " + most;
        }
        return null;
    }
}
