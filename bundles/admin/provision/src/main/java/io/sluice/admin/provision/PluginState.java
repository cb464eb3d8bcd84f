package io.sluice.admin.provision;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is installed beside the distribution. Immutable.
 *
 * @param records by symbolic name
 * @param stopped symbolic names of bundles that were stopped and are to stay so over a restart
 * @param features those that were installed here: {@code installed}, or the file in {@code deploy/}, by name
 */
record PluginState(
        SortedMap<String, PluginRecord> records, SortedSet<String> stopped, SortedMap<String, String> features) {
    static final PluginState EMPTY = new PluginState(Map.of(), Set.of(), Map.of());

    PluginState(Map<String, PluginRecord> records, Set<String> stopped, Map<String, String> features) {
        this(
                Collections.unmodifiableSortedMap(new TreeMap<>(records)),
                Collections.unmodifiableSortedSet(new TreeSet<>(stopped)),
                Collections.unmodifiableSortedMap(new TreeMap<>(features)));
    }

    @Nullable
    PluginRecord record(String name) {
        return records.get(name);
    }

    PluginState with(PluginRecord record) {
        TreeMap<String, PluginRecord> next = new TreeMap<>(records);
        next.put(record.name(), record);
        return new PluginState(next, stopped, features);
    }

    PluginState without(String name) {
        TreeMap<String, PluginRecord> next = new TreeMap<>(records);
        next.remove(name);
        return new PluginState(next, stopped, features);
    }

    PluginState withStopped(String name, boolean isStopped) {
        TreeSet<String> next = new TreeSet<>(stopped);
        if (isStopped) {
            next.add(name);
        } else {
            next.remove(name);
        }
        return new PluginState(records, next, features);
    }

    PluginState withFeature(String name, String source) {
        TreeMap<String, String> next = new TreeMap<>(features);
        next.put(name, source);
        return new PluginState(records, stopped, next);
    }

    PluginState withoutFeature(String name) {
        TreeMap<String, String> next = new TreeMap<>(features);
        next.remove(name);
        return new PluginState(records, stopped, next);
    }
}
