package io.sluice.cluster.api.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's other broker keys: known, so that Kafka's own files can be used, and checked, but obeyed by nothing here. Their
 * names, types, limits and defaults are in the resource {@code kafka-broker-keys.txt}. A key that another class
 * defines is left out, so that a part that begins to obey one only has to define it.
 */
final class BrokerUnusedKeys {
    private static final String RESOURCE = "kafka-broker-keys.txt";

    /** By the first word of the name, what a key is about. */
    private static final Map<String, String> AREAS = Map.ofEntries(
            Map.entry("ssl", "TLS on listeners"),
            Map.entry("sasl", "SASL on listeners"),
            Map.entry("controller", "the controllers' quorum"),
            Map.entry("delegation", "delegation tokens"),
            Map.entry("errors", "queues for records that share groups gave up"),
            Map.entry("group", "groups of the newer protocols"),
            Map.entry("metadata", "the log of the metadata"),
            Map.entry("remote", "tiered storage"),
            Map.entry("replica", "how replicas follow each other"),
            Map.entry("share", "share groups"));

    private BrokerUnusedKeys() {}

    /** @param defined keys that the broker has anyway */
    static List<ConfigKey> without(Collection<ConfigKey> defined) {
        Set<String> taken = new HashSet<>();
        defined.forEach(key -> taken.add(key.name()));
        List<ConfigKey> keys = new ArrayList<>();
        for (String line : lines()) {
            ConfigKey key = line.startsWith("#") || line.isBlank() ? null : parse(line);
            if (key != null && !taken.contains(key.name())) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static List<String> lines() {
        try (InputStream in = BrokerUnusedKeys.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the bundle lacks " + RESOURCE);
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code name type importance limit[ =default]} */
    private static ConfigKey parse(String line) {
        int equals = line.indexOf(" =");
        String[] words = (equals < 0 ? line : line.substring(0, equals)).split(" ");
        String otherwise = equals < 0 ? null : line.substring(equals + 2);
        return key(words[0], ConfigType.valueOf(words[1]), otherwise)
                .importance(Importance.valueOf(words[2]))
                .limited(words[0].equals("authorizer.class.name") ? NO_CLASS : limit(words[3]))
                .withoutEffect()
                .doc("Known from Kafka, where it is about " + area(words[0]) + ".");
    }

    private static ConfigKey key(String name, ConfigType type, @Nullable String otherwise) {
        return ConfigKey.of(name, type, otherwise);
    }

    /** Who names an authorizer must not get a broker that allows everything. */
    private static final Constraint NO_CLASS =
            value -> value.isEmpty() ? null : "Kafka's authorizers do not run here: choose one with authorizer.type";

    private static Constraint limit(String text) {
        if (text.equals("-")) {
            return Constraint.NONE;
        }
        if (text.startsWith(">=")) {
            return Constraint.atLeast(Long.parseLong(text.substring(2)));
        }
        int dots = text.indexOf("..");
        return dots < 0
                ? Constraint.elementsOf(text.split("\\|"))
                : Constraint.between(Long.parseLong(text.substring(0, dots)), Long.parseLong(text.substring(dots + 2)));
    }

    private static String area(String name) {
        String first = name.substring(0, name.indexOf('.'));
        return AREAS.getOrDefault(first, "what its name says");
    }
}
