package io.sluice.cluster.api.config;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keys of one kind of resource, by name. Immutable. */
public final class ConfigCatalogue {
    private final String what;
    private final SortedMap<String, ConfigKey> keys;

    public ConfigCatalogue(Collection<ConfigKey> keys) {
        this("configuration key", keys);
    }

    /** @param what one of them is called in messages */
    public ConfigCatalogue(String what, Collection<ConfigKey> keys) {
        this.what = what;
        TreeMap<String, ConfigKey> byName = new TreeMap<>();
        for (ConfigKey key : keys) {
            if (byName.put(key.name(), key) != null) {
                throw new IllegalArgumentException("defined twice: " + key.name());
            }
        }
        this.keys = Collections.unmodifiableSortedMap(byName);
    }

    /** In the order of their names. */
    public Collection<ConfigKey> keys() {
        return keys.values();
    }

    public @Nullable ConfigKey key(String name) {
        return keys.get(name);
    }

    /** @return a sentence that names the first unknown key or bad value; null when all is well */
    public @Nullable String problem(Map<String, String> values) {
        for (Map.Entry<String, String> value : new TreeMap<>(values).entrySet()) {
            ConfigKey key = keys.get(value.getKey());
            String problem = key == null ? unknown(value.getKey()) : key.problem(value.getValue());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** The sentence that refuses a key that is not here and names the one that is most like it. */
    public String unknown(String name) {
        return "Unknown " + what + ": " + name + "; the nearest known one is " + nearest(name);
    }

    /** The known key with the fewest edits to this name. */
    public String nearest(String name) {
        String nearest = "";
        int fewest = Integer.MAX_VALUE;
        for (String known : keys.keySet()) {
            int edits = EditDistance.between(name, known);
            if (edits < fewest) {
                fewest = edits;
                nearest = known;
            }
        }
        return nearest;
    }
}
