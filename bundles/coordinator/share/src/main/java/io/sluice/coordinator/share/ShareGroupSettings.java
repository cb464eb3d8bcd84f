package io.sluice.coordinator.share;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one share group as it holds at one moment: its own keys, else the broker's, within the broker's limits.
 *
 * @param lockDurationMs how long a consumer holds a record that it has fetched
 * @param deliveryCountLimit how often a record is delivered before it is given up
 * @param locksMax how many records of a partition may be on their way at once
 * @param autoOffsetReset {@code earliest}, {@code latest} or {@code by_duration:} and a duration
 * @param deadLetterTopic empty when what is given up goes nowhere
 * @param copiesDeadLetters whether dead letters carry the key and the value of the record
 */
public record ShareGroupSettings(
        int lockDurationMs,
        int deliveryCountLimit,
        int locksMax,
        boolean mayRenew,
        boolean readCommitted,
        String autoOffsetReset,
        String deadLetterTopic,
        boolean copiesDeadLetters) {
    private static final String BY_DURATION = "by_duration:";

    /**
     * Reads the keys; what has no value, or none that is a number, has Kafka's default.
     *
     * @param group the group's own values
     * @param broker the broker's
     */
    public static ShareGroupSettings from(
            UnaryOperator<@Nullable String> group, UnaryOperator<@Nullable String> broker) {
        return new ShareGroupSettings(
                bounded(group, broker, "record.lock.duration.ms", 30_000),
                bounded(group, broker, "delivery.count.limit", 5),
                bounded(group, broker, "partition.max.record.locks", 2_000),
                !"false".equals(group.apply("share.renew.acknowledge.enable")),
                "read_committed".equals(group.apply("share.isolation.level")),
                text(group, "share.auto.offset.reset", "latest"),
                text(group, "errors.deadletterqueue.topic.name", ""),
                "true".equals(group.apply("errors.deadletterqueue.copy.record.enable")));
    }

    /** The age of the records with which a new group begins; null when it begins at either end. */
    public @Nullable Duration resetDuration() {
        if (!autoOffsetReset.startsWith(BY_DURATION)) {
            return null;
        }
        try {
            return Duration.parse(autoOffsetReset.substring(BY_DURATION.length()));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    public boolean resetsToEarliest() {
        return autoOffsetReset.equals("earliest");
    }

    static int bounded(
            UnaryOperator<@Nullable String> group, UnaryOperator<@Nullable String> broker, String key, int fallback) {
        int value = number(group, "share." + key, number(broker, "group.share." + key, fallback));
        int least = number(broker, "group.share.min." + key, Integer.MIN_VALUE);
        int most = number(broker, "group.share.max." + key, Integer.MAX_VALUE);
        return Math.max(least, Math.min(most, value));
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

    private static String text(UnaryOperator<@Nullable String> values, String key, String fallback) {
        String value = values.apply(key);
        return value == null ? fallback : value.trim();
    }
}
