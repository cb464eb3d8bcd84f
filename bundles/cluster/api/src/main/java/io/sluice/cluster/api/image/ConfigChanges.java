package io.sluice.cluster.api.image;

import io.sluice.cluster.api.ConfigResource;
import io.sluice.protocol.metadata.ConfigRecord;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The configuration that a run of records sets and clears. */
final class ConfigChanges {
    private final ClusterImage base;
    private final Map<ConfigResource, TreeMap<String, String>> drafts = new HashMap<>();
    private final Set<ConfigResource> changed = new HashSet<>();

    ConfigChanges(ClusterImage base) {
        this.base = base;
    }

    void set(ConfigRecord record) {
        ConfigResource.Type type = ConfigResource.Type.of(record.resourceType());
        if (type == null) {
            throw new UnusableRecordException(
                    "A metadata record configures a resource of the unknown type " + record.resourceType());
        }
        ConfigResource resource = new ConfigResource(type, record.resourceName());
        TreeMap<String, String> draft = drafts.computeIfAbsent(resource, key -> new TreeMap<>(base.config(key)));
        String value = record.value();
        if (value == null) {
            draft.remove(record.name());
        } else {
            draft.put(record.name(), value);
        }
        changed.add(resource);
    }

    /** A topic's configuration goes with it, which needs no record. */
    void removeTopic(String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        drafts.put(resource, new TreeMap<>());
        changed.remove(resource);
    }

    Set<ConfigResource> changed() {
        return changed;
    }

    ShardedMap<ConfigResource, Map<String, String>> all() {
        Map<ConfigResource, Map<String, String>> set = new HashMap<>();
        Set<ConfigResource> cleared = new HashSet<>();
        drafts.forEach((resource, values) -> {
            if (values.isEmpty()) {
                cleared.add(resource);
            } else {
                set.put(resource, Collections.unmodifiableSortedMap(values));
            }
        });
        return base.configs().with(set, cleared);
    }
}
