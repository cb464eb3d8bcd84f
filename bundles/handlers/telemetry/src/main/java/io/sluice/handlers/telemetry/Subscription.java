package io.sluice.handlers.telemetry;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * One configured subscription.
 *
 * @param metrics the beginnings of the names of what is wanted; {@link #ALL} for everything
 * @param match what a client must be, by selector
 */
record Subscription(Set<String> metrics, int intervalMs, Map<String, Pattern> match) {
    static final String ALL = "*";

    /** How often a client asks again that nobody wants anything of. */
    static final int INTERVAL_MS = 300_000;

    /** Of a configuration that the controller has accepted. */
    static Subscription of(Map<String, String> config) {
        Map<String, Pattern> match = new TreeMap<>();
        for (String criterion : list(config.get("match"))) {
            int equals = criterion.indexOf('=');
            match.put(
                    criterion.substring(0, equals).trim(),
                    Pattern.compile(criterion.substring(equals + 1).trim()));
        }
        String interval = config.get("interval.ms");
        return new Subscription(
                new TreeSet<>(list(config.get("metrics"))),
                interval == null ? INTERVAL_MS : Integer.parseInt(interval.trim()),
                match);
    }

    private static List<String> list(@org.jspecify.annotations.Nullable String value) {
        return value == null
                ? List.of()
                : Arrays.stream(value.split(","))
                        .map(String::trim)
                        .filter(element -> !element.isEmpty())
                        .toList();
    }
}
