package io.sluice.cluster.api.config;

import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.config.ConfigKey.Synonym;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values that hold: topic, then this broker, then the default of all brokers, then what was given at start, then
 * the default. A cheap view of one image; safe for use from any thread.
 */
public final class ConfigResolver {
    private static final Pattern BLANKS_AROUND_COMMA = Pattern.compile("\\s*,\\s*");

    private final MetadataImage image;
    private final Map<String, String> staticConfig;
    private final Map<String, String> brokerConfig;
    private final Map<String, String> defaultBrokerConfig;

    /**
     * @param staticConfig the broker's keys as given at start; immutable
     * @param nodeId whose dynamic configuration counts
     */
    public ConfigResolver(MetadataImage image, Map<String, String> staticConfig, int nodeId) {
        this.image = image;
        this.staticConfig = staticConfig;
        this.brokerConfig = image.config(new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(nodeId)));
        this.defaultBrokerConfig = image.config(new ConfigResource(ConfigResource.Type.BROKER, ""));
    }

    /**
     * Every key of a topic with the value that holds, in the order of the names. The topic need not exist. A default that
     * contradicts what is set on the topic, because it was altered later, gives way to it.
     */
    public Map<String, String> topic(String name) {
        Map<String, String> overrides = image.config(new ConfigResource(ConfigResource.Type.TOPIC, name));
        Map<String, String> values = topicWith(overrides);
        if (TopicKeys.conflict(values) != null) {
            boolean leastIsSet = overrides.containsKey(TopicKeys.MIN_COMPACTION_LAG_MS);
            String changed = leastIsSet ? TopicKeys.MAX_COMPACTION_LAG_MS : TopicKeys.MIN_COMPACTION_LAG_MS;
            String kept = leastIsSet ? TopicKeys.MIN_COMPACTION_LAG_MS : TopicKeys.MAX_COMPACTION_LAG_MS;
            values.put(changed, values.getOrDefault(kept, "0"));
        }
        return values;
    }

    /** Every key of a topic on which these are set, with the value that holds, contradictions and all. */
    public Map<String, String> topicWith(Map<String, String> overrides) {
        Map<String, String> values = new LinkedHashMap<>();
        for (ConfigKey key : TopicKeys.CATALOGUE.keys()) {
            String value = topicValue(key, overrides);
            if (value != null) {
                values.put(key.name(), value);
            }
        }
        return values;
    }

    /** The value of a broker's key; null for one that is unset and has no default, or is unknown. */
    public @Nullable String broker(String key) {
        for (ConfigSource source : ConfigSource.values()) {
            String value = at(source, key);
            if (value != null) {
                return value.trim();
            }
        }
        return null;
    }

    /** Every key of a topic, for DescribeConfigs and CreateTopics. */
    public List<ResolvedConfig> describeTopic(String name) {
        return describeTopicWith(image.config(new ConfigResource(ConfigResource.Type.TOPIC, name)));
    }

    /** Every key of a topic on which these are set. */
    public List<ResolvedConfig> describeTopicWith(Map<String, String> overrides) {
        List<ResolvedConfig> all = new ArrayList<>();
        for (ConfigKey key : TopicKeys.CATALOGUE.keys()) {
            String value = topicValue(key, overrides);
            if (value == null) {
                continue;
            }
            List<ConfigSynonym> places = new ArrayList<>();
            String override = overrides.get(key.name());
            if (override != null) {
                places.add(new ConfigSynonym(key.name(), shown(key, override), ConfigSource.DYNAMIC_TOPIC));
            }
            places.addAll(places(names(key.synonyms())));
            all.add(resolved(key, value, places));
        }
        return all;
    }

    /** Every key of the broker. */
    public List<ResolvedConfig> describeBroker() {
        List<ResolvedConfig> all = new ArrayList<>();
        for (ConfigKey key : BrokerKeys.CATALOGUE.keys()) {
            List<ConfigSynonym> places = places(key.synonyms().isEmpty() ? List.of(key.name()) : names(key.synonyms()));
            while (!places.isEmpty() && !places.get(0).name().equals(key.name())) {
                places.remove(0);
            }
            all.add(resolved(key, broker(key.name()), places));
        }
        return all;
    }

    /** The keys that are set as defaults of all brokers. */
    public List<ResolvedConfig> describeDefaultBroker() {
        List<ResolvedConfig> all = new ArrayList<>();
        for (ConfigKey key : BrokerKeys.CATALOGUE.keys()) {
            String value = defaultBrokerConfig.get(key.name());
            if (value != null) {
                ConfigSource source = ConfigSource.DYNAMIC_DEFAULT_BROKER;
                all.add(resolved(key, value, List.of(new ConfigSynonym(key.name(), shown(key, value), source))));
            }
        }
        return all;
    }

    /** Every key of a group, which need not exist: what is set on it, then the broker's default. */
    public List<ResolvedConfig> describeGroup(String name) {
        Map<String, String> overrides = image.config(new ConfigResource(ConfigResource.Type.GROUP, name));
        return describe(GroupKeys.CATALOGUE, overrides, ConfigSource.DYNAMIC_GROUP, true);
    }

    /** The value of a group's key; null for an unknown one. */
    public @Nullable String group(String name, String key) {
        ConfigKey known = GroupKeys.CATALOGUE.key(key);
        return known == null
                ? null
                : topicValue(known, image.config(new ConfigResource(ConfigResource.Type.GROUP, name)));
    }

    /** Every key of a subscription to clients' metrics, which need not exist. */
    public List<ResolvedConfig> describeClientMetrics(String name) {
        Map<String, String> overrides = image.config(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, name));
        return describe(ClientMetricsKeys.CATALOGUE, overrides, ConfigSource.DYNAMIC_CLIENT_METRICS, false);
    }

    private List<ResolvedConfig> describe(
            ConfigCatalogue catalogue, Map<String, String> overrides, ConfigSource source, boolean defaults) {
        List<ResolvedConfig> all = new ArrayList<>();
        for (ConfigKey key : catalogue.keys()) {
            List<ConfigSynonym> places = new ArrayList<>();
            String override = overrides.get(key.name());
            if (override != null) {
                places.add(new ConfigSynonym(key.name(), shown(key, override), source));
            }
            if (!key.synonyms().isEmpty()) {
                places.addAll(places(names(key.synonyms())));
            } else if (defaults && override == null) {
                places.add(new ConfigSynonym(key.name(), shown(key, key.defaultValue()), ConfigSource.DEFAULT));
            }
            all.add(resolved(key, topicValue(key, overrides), places));
        }
        return all;
    }

    private @Nullable String topicValue(ConfigKey key, Map<String, String> overrides) {
        String override = overrides.get(key.name());
        if (override != null) {
            return normal(key, override);
        }
        for (ConfigSource source : ConfigSource.values()) {
            for (Synonym synonym : key.synonyms()) {
                String value = at(source, synonym.name());
                if (value != null) {
                    return synonym.convert(normal(key, value));
                }
            }
        }
        return key.defaultValue();
    }

    private ResolvedConfig resolved(ConfigKey key, @Nullable String value, List<ConfigSynonym> places) {
        ConfigSource source =
                places.isEmpty() ? ConfigSource.DEFAULT : places.get(0).source();
        boolean readOnly = key.updateMode() == UpdateMode.READ_ONLY;
        return new ResolvedConfig(key, value == null ? null : shown(key, value), source, readOnly, places);
    }

    private List<ConfigSynonym> places(List<String> names) {
        List<ConfigSynonym> places = new ArrayList<>();
        for (ConfigSource source : ConfigSource.values()) {
            for (String name : names) {
                String value = at(source, name);
                ConfigKey key = BrokerKeys.CATALOGUE.key(name);
                if (value != null && key != null) {
                    places.add(new ConfigSynonym(name, shown(key, value), source));
                }
            }
        }
        return places;
    }

    private @Nullable String at(ConfigSource source, String brokerKey) {
        return switch (source) {
            case DYNAMIC_TOPIC, DYNAMIC_GROUP, DYNAMIC_CLIENT_METRICS, DYNAMIC_BROKER_LOGGER -> null;
            case DYNAMIC_BROKER -> brokerConfig.get(brokerKey);
            case DYNAMIC_DEFAULT_BROKER -> defaultBrokerConfig.get(brokerKey);
            case STATIC_BROKER -> staticConfig.get(brokerKey);
            case DEFAULT -> {
                ConfigKey key = BrokerKeys.CATALOGUE.key(brokerKey);
                yield key == null ? null : key.defaultValue();
            }
        };
    }

    /** Without the blanks that a value may have around it and around the elements of a list. */
    private static String normal(ConfigKey key, String value) {
        return key.type() == ConfigType.LIST
                ? BLANKS_AROUND_COMMA.matcher(value.trim()).replaceAll(",")
                : value.trim();
    }

    private static List<String> names(List<Synonym> synonyms) {
        return synonyms.stream().map(Synonym::name).toList();
    }

    private static @Nullable String shown(ConfigKey key, @Nullable String value) {
        return value == null || key.type().sensitive() ? null : normal(key, value);
    }
}
