package io.sluice.cluster.api.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The keys of a subscription to clients' metrics (KIP-714). */
public final class ClientMetricsKeys {
    private static final String INTERVAL_MS = "interval.ms";
    private static final String MATCH = "match";
    private static final int LEAST_MS = 100;
    private static final int MOST_MS = 3_600_000;
    private static final Set<String> SELECTORS = Set.of(
            "client_instance_id",
            "client_id",
            "client_software_name",
            "client_software_version",
            "client_source_address",
            "client_source_port");

    /** All of them. */
    public static final ConfigCatalogue CATALOGUE = new ConfigCatalogue(
            "client metrics configuration",
            List.of(
                    ConfigKey.of(INTERVAL_MS, ConfigType.INT, "300000")
                            .live()
                            .doc("How often a client pushes the metrics of this subscription, in milliseconds."),
                    ConfigKey.of("metrics", ConfigType.LIST, "")
                            .live()
                            .doc("The beginnings of the names of the metrics that are wanted; * is all of them."),
                    ConfigKey.of(MATCH, ConfigType.LIST, "")
                            .live()
                            .doc("Which clients are meant, as a list of property=pattern; without it all of them.")));

    private ClientMetricsKeys() {}

    /** @return why a subscription cannot push so often; null when it can, or the value is no number */
    public static @Nullable String intervalProblem(Map<String, String> configs) {
        String interval = configs.get(INTERVAL_MS);
        if (interval == null || ConfigType.INT.problem(interval.trim()) != null) {
            return null;
        }
        int value = Integer.parseInt(interval.trim());
        return value >= LEAST_MS && value <= MOST_MS
                ? null
                : "Invalid value " + value + " for " + INTERVAL_MS + ", interval must be between " + LEAST_MS + " and "
                        + MOST_MS + " (1 hour)";
    }

    /** @return a sentence about a value that is none for its key; null when all are */
    public static @Nullable String problem(Map<String, String> configs) {
        for (Map.Entry<String, String> config : new TreeMap<>(configs).entrySet()) {
            ConfigKey key = CATALOGUE.key(config.getKey());
            String problem = key == null ? CATALOGUE.unknown(config.getKey()) : key.problem(config.getValue());
            if (problem != null) {
                return problem;
            }
        }
        String match = configs.get(MATCH);
        if (match != null && !match.isBlank()) {
            for (String pattern : match.split(",")) {
                if (!isSelector(pattern.trim())) {
                    return "Illegal client matching pattern: " + pattern.trim();
                }
            }
        }
        return null;
    }

    private static boolean isSelector(String pattern) {
        int equals = pattern.indexOf('=');
        if (equals < 0 || !SELECTORS.contains(pattern.substring(0, equals).trim())) {
            return false;
        }
        try {
            Pattern.compile(pattern.substring(equals + 1).trim());
            return true;
        } catch (PatternSyntaxException e) {
            return false;
        }
    }
}
