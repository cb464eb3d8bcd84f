package io.sluice.admin.provision;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is installed beside the distribution. Immutable.
 *
 * @param records by symbolic name
 * @param features those that were installed here: {@code installed}, or the file in {@code deploy/}, by name
 */
record PluginState(SortedMap<String, PluginRecord> records, SortedMap<String, String> features) {
    static final PluginState EMPTY = new PluginState(Map.of(), Map.of());

    PluginState(Map<String, PluginRecord> records, Map<String, String> features) {
        this(
                Collections.unmodifiableSortedMap(new TreeMap<>(records)),
                Collections.unmodifiableSortedMap(new TreeMap<>(features)));
    }

    @Nullable
    PluginRecord record(String name) {
        return records.get(name);
    }

    PluginState with(PluginRecord record) {
        TreeMap<String, PluginRecord> next = new TreeMap<>(records);
        next.put(record.name(), record);
        return new PluginState(next, features);
    }

    PluginState without(String name) {
        TreeMap<String, PluginRecord> next = new TreeMap<>(records);
        next.remove(name);
        return new PluginState(next, features);
    }

    PluginState withFeature(String name, String source) {
        TreeMap<String, String> next = new TreeMap<>(features);
        next.put(name, source);
        return new PluginState(records, next);
    }

    PluginState withoutFeature(String name) {
        TreeMap<String, String> next = new TreeMap<>(features);
        next.remove(name);
        return new PluginState(records, next);
    }
}
