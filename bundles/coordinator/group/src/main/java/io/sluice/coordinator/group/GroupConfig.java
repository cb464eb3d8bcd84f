package io.sluice.coordinator.group;

import io.sluice.coordinator.group.classic.GroupLimits;
import io.sluice.coordinator.group.offset.OffsetLimits;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The coordinator's configuration as it holds at one moment, under Kafka's keys. */
public record GroupConfig(GroupLimits groups, OffsetLimits offsets) {
    private static final long MINUTE_MS = 60_000L;

    /** Kafka's defaults. */
    public static final GroupConfig DEFAULT = from(key -> null);

    /** Reads the keys; what has no value, or none that is a number, has Kafka's default. */
    public static GroupConfig from(UnaryOperator<@Nullable String> values) {
        return new GroupConfig(
                new GroupLimits(
                        number(values, "group.min.session.timeout.ms", 6_000),
                        number(values, "group.max.session.timeout.ms", 1_800_000),
                        number(values, "group.max.size", Integer.MAX_VALUE),
                        number(values, "group.initial.rebalance.delay.ms", 3_000)),
                new OffsetLimits(
                        number(values, "offsets.retention.minutes", 10_080) * MINUTE_MS,
                        number(values, "offsets.retention.check.interval.ms", 600_000),
                        number(values, "offset.metadata.max.bytes", 4_096)));
    }

    static int number(UnaryOperator<@Nullable String> values, String key, int fallback) {
        String value = values.apply(key);
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
