package io.sluice.cluster.api.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The keys of brokers: Kafka's, with its defaults and limits, and our own. */
public final class BrokerKeys {
    /** All of them. */
    public static final ConfigCatalogue CATALOGUE = new ConfigCatalogue(all());

    private BrokerKeys() {}

    /** @return a sentence about two keys that contradict each other; null when none do */
    public static @Nullable String conflict(Map<String, String> effective) {
        String least = effective.get("group.min.session.timeout.ms");
        String most = effective.get("group.max.session.timeout.ms");
        if (least != null && most != null && Long.parseLong(least.trim()) > Long.parseLong(most.trim())) {
            return "group.min.session.timeout.ms (" + least + ") is above group.max.session.timeout.ms (" + most + ")";
        }
        String minimum = effective.get("log.cleaner.min.compaction.lag.ms");
        String maximum = effective.get("log.cleaner.max.compaction.lag.ms");
        if (minimum != null && maximum != null && Long.parseLong(minimum.trim()) > Long.parseLong(maximum.trim())) {
            return "log.cleaner.min.compaction.lag.ms (" + minimum + ") is above log.cleaner.max.compaction.lag.ms ("
                    + maximum + ")";
        }
        return BrokerShareKeys.conflict(effective);
    }

    /** Those of the given keys that nothing obeys, so that whoever gave them can be told. */
    public static List<String> withoutEffect(Map<String, String> given) {
        List<String> names = new ArrayList<>();
        for (String name : new TreeMap<>(given).keySet()) {
            ConfigKey key = CATALOGUE.key(name);
            if (key != null && key.effect() == Effect.NONE) {
                names.add(name);
            }
        }
        return names;
    }

    private static List<ConfigKey> all() {
        List<ConfigKey> keys = new ArrayList<>();
        keys.addAll(BrokerNodeKeys.KEYS);
        keys.addAll(BrokerNetworkKeys.KEYS);
        keys.addAll(BrokerLogKeys.KEYS);
        keys.addAll(BrokerRecordKeys.KEYS);
        keys.addAll(BrokerGroupKeys.KEYS);
        keys.addAll(BrokerTransactionKeys.KEYS);
        keys.addAll(BrokerReplicationKeys.KEYS);
        keys.addAll(BrokerShareKeys.KEYS);
        keys.addAll(BrokerStreamsKeys.KEYS);
        keys.addAll(BrokerMetricsKeys.KEYS);
        keys.addAll(BrokerSshKeys.KEYS);
        keys.addAll(BrokerUnusedKeys.without(keys));
        return keys;
    }
}
