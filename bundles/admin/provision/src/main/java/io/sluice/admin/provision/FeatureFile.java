package io.sluice.admin.provision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A named set of bundles with their configurations: OSGi feature JSON (Compendium 159). Immutable.
 *
 * @param id Maven coordinates of the feature
 * @param name what people call it: its own name, or else the artifact's
 * @param bundles Maven coordinates of its bundles, in order
 * @param configurations by PID
 */
record FeatureFile(
        String id,
        String name,
        String description,
        List<String> bundles,
        Map<String, Map<String, Object>> configurations) {

    static FeatureFile read(Path file) throws IOException, ProvisionException {
        try {
            return of(JsonText.parse(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new ProvisionException(file.getFileName() + " is no feature: " + e.getMessage(), e);
        }
    }

    private static FeatureFile of(@Nullable Object json) {
        if (!(json instanceof Map<?, ?> feature) || !(feature.get("id") instanceof String id)) {
            throw new IllegalArgumentException("it has no id");
        }
        return new FeatureFile(
                id,
                feature.get("name") instanceof String name && name.matches("[A-Za-z0-9._-]+") ? name : artifact(id),
                feature.get("description") instanceof String text ? text : "",
                bundles(feature.get("bundles")),
                configurations(feature.get("configurations")));
    }

    private static List<String> bundles(@Nullable Object json) {
        List<String> bundles = new ArrayList<>();
        if (json instanceof List<?> list) {
            for (Object bundle : list) {
                Object id = bundle instanceof Map<?, ?> map ? map.get("id") : bundle;
                if (!(id instanceof String text)) {
                    throw new IllegalArgumentException("a bundle without an id");
                }
                bundles.add(text);
            }
        }
        return List.copyOf(bundles);
    }

    private static Map<String, Map<String, Object>> configurations(@Nullable Object json) {
        Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();
        if (json instanceof Map<?, ?> map) {
            map.forEach((pid, values) -> {
                Map<String, Object> properties = new LinkedHashMap<>();
                if (values instanceof Map<?, ?> given) {
                    given.forEach((key, value) -> {
                        if (value != null) {
                            properties.put(plain(String.valueOf(key)), value);
                        }
                    });
                }
                configurations.put(String.valueOf(pid), properties);
            });
        }
        return configurations;
    }

    /** A key may carry its type after a colon: {@code limit:Integer}. */
    private static String plain(String key) {
        int colon = key.indexOf(':');
        return colon < 0 ? key : key.substring(0, colon);
    }

    private static String artifact(String id) {
        String[] parts = id.split(":");
        return parts.length > 1 ? parts[1] : id;
    }

    String version() {
        String[] parts = id.split(":");
        return parts.length > 2 ? parts[parts.length - 1] : "";
    }
}
