package io.sluice.coordinator.streams.group;

import io.sluice.coordinator.api.GroupKindContext;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The configuration of streams groups as it holds at the moment of asking, with Kafka's defaults. */
final class StreamsSettings {
    private static final String STANDBYS = "num.standby.replicas";
    private static final String RACK_TAGS = "rack.aware.assignment.tags";

    private final GroupKindContext<StreamsGroupState> context;

    StreamsSettings(GroupKindContext<StreamsGroupState> context) {
        this.context = context;
    }

    int sessionTimeoutMs(String groupId) {
        return ofGroup(groupId, "session.timeout.ms", 45_000);
    }

    int heartbeatIntervalMs(String groupId) {
        return ofGroup(groupId, "heartbeat.interval.ms", 5_000);
    }

    int assignmentIntervalMs(String groupId) {
        return ofGroup(groupId, "assignment.interval.ms", 1_000);
    }

    int initialRebalanceDelayMs(String groupId) {
        return ofGroup(groupId, "initial.rebalance.delay.ms", 3_000);
    }

    int taskOffsetIntervalMs(String groupId) {
        return ofGroup(groupId, "task.offset.interval.ms", 60_000);
    }

    int acceptableRecoveryLag(String groupId) {
        return ofGroup(groupId, "acceptable.recovery.lag", 10_000);
    }

    int sizeMax() {
        return number(context.config("group.streams.max.size"), Integer.MAX_VALUE);
    }

    int standbys(String groupId) {
        int most = number(context.config("group.streams.max.standby.replicas"), 2);
        return Math.min(most, ofGroup(groupId, STANDBYS, 0));
    }

    List<String> rackTags(String groupId) {
        String value = context.groupConfig(groupId, "streams." + RACK_TAGS);
        return value == null
                ? List.of()
                : Stream.of(value.split(",", -1))
                        .map(String::trim)
                        .filter(tag -> !tag.isEmpty())
                        .toList();
    }

    /** By what an assignment is made, as the group's record keeps it: when it changes, there is a new one. */
    SortedMap<String, String> assignmentConfigs(String groupId) {
        SortedMap<String, String> configs = new TreeMap<>();
        configs.put(STANDBYS, Integer.toString(standbys(groupId)));
        List<String> tags = rackTags(groupId);
        if (!tags.isEmpty()) {
            configs.put(RACK_TAGS, String.join(",", tags));
        }
        return configs;
    }

    private int ofGroup(String groupId, String key, int fallback) {
        String own = context.groupConfig(groupId, "streams." + key);
        return number(own != null ? own : context.config("group.streams." + key), fallback);
    }

    private static int number(@Nullable String value, int fallback) {
        if (value == null) {
            return fallback;
        }
        try {
            return Integer.parseInt(value.trim());
        } catch (NumberFormatException e) {
            return fallback;
        }
    }
}
