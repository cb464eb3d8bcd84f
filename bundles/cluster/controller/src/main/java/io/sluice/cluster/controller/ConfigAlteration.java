package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.Feature;
import io.sluice.cluster.api.config.BrokerKeys;
import io.sluice.cluster.api.config.ClientMetricsKeys;
import io.sluice.cluster.api.config.ConfigCatalogue;
import io.sluice.cluster.api.config.ConfigKey;
import io.sluice.cluster.api.config.ConfigType;
import io.sluice.cluster.api.config.GroupKeys;
import io.sluice.cluster.api.config.TopicKeys;
import io.sluice.protocol.Message;
import io.sluice.protocol.metadata.ConfigRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Brings one resource from the configuration that it has to another, or says why it may not have that one. */
final class ConfigAlteration {
    private static final int VALUE_CHARS_MAX = 32_767;

    private final Situation situation;
    private final ConfigResource resource;
    private final ConfigCheck check;
    private final Map<String, String> before;
    private final Map<String, String> after;
    private final Set<String> named = new TreeSet<>();

    ConfigAlteration(Situation situation, ConfigResource resource) {
        this.situation = situation;
        this.resource = resource;
        this.check = new ConfigCheck(situation);
        this.before = situation.image().config(resource);
        this.after = new TreeMap<>(before);
    }

    void set(String key, String value) {
        named.add(key);
        after.put(key, value);
    }

    void delete(String key) {
        named.add(key);
        after.remove(key);
    }

    /** Takes away everything but what cannot be altered. */
    void clear() {
        after.keySet()
                .removeIf(key -> resource.type() != ConfigResource.Type.TOPIC || !key.equals(TopicKeys.STORAGE_ENGINE));
    }

    /** Adds elements to a list, or takes them away. */
    ApiError extend(String key, String elements, boolean append) {
        ConfigKey known = catalogue().key(key);
        if (known == null) {
            return ApiError.of(ErrorCode.INVALID_CONFIG, catalogue().unknown(key));
        }
        if (known.type() != ConfigType.LIST) {
            return ApiError.of(
                    ErrorCode.INVALID_CONFIG,
                    resource.type() == ConfigResource.Type.BROKER
                            ? "Config value append is not allowed for config key: " + key
                            : "Can't " + (append ? "APPEND" : "SUBTRACT") + " to key " + key
                                    + " because its type is not LIST.");
        }
        named.add(key);
        List<String> list = elements(present(known));
        for (String element : elements(elements)) {
            if (!append) {
                list.remove(element);
            } else if (!list.contains(element)) {
                list.add(element);
            }
        }
        after.put(key, String.join(",", list));
        return ApiError.NONE;
    }

    /** Adds the records that are needed, if the resource may have the new configuration. */
    ApiError finish(List<Message> records) {
        ApiError error = check.name(resource);
        if (!error.failed()) {
            error = check.configs(resource, after);
        }
        if (!error.failed()) {
            error = check.exists(resource);
        }
        if (!error.failed()) {
            error = checkEngine();
        }
        if (!error.failed()) {
            error = checkChanges();
        }
        if (!error.failed()) {
            error = situation.policies().alter(resource, Collections.unmodifiableMap(changes()));
        }
        if (!error.failed()) {
            addRecords(records);
        }
        return error;
    }

    /** What the request changes by name; what AlterConfigs takes away because it does not name it is not told, as in Kafka. */
    private Map<String, @Nullable String> changes() {
        Map<String, @Nullable String> changes = new TreeMap<>();
        for (String name : named) {
            String value = after.get(name);
            if (!Objects.equals(value, before.get(name))) {
                changes.put(name, value);
            }
        }
        return changes;
    }

    /** What the new values alone do not show (KIP-966: brokers must agree on what eligible leader replicas are counted by). */
    private ApiError checkChanges() {
        for (Map.Entry<String, @Nullable String> change : changes().entrySet()) {
            String value = change.getValue();
            if (value != null && value.length() > VALUE_CHARS_MAX) {
                return ApiError.of(
                        ErrorCode.INVALID_CONFIG,
                        "The value of " + change.getKey() + " is longer than " + VALUE_CHARS_MAX + " characters.");
            }
            if (resource.type() != ConfigResource.Type.BROKER
                    || !change.getKey().equals(TopicKeys.MIN_IN_SYNC_REPLICAS)
                    || situation.image().features().getOrDefault(Feature.ELIGIBLE_LEADER_REPLICAS.featureName(), (short)
                                    0)
                            == 0) {
                continue;
            }
            if (!resource.name().isEmpty()) {
                return ApiError.of(
                        ErrorCode.INVALID_CONFIG,
                        "Broker-level min.insync.replicas cannot be altered while ELR is enabled.");
            }
            if (value == null) {
                return ApiError.of(
                        ErrorCode.INVALID_CONFIG,
                        "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.");
            }
        }
        return ApiError.NONE;
    }

    private ApiError checkEngine() {
        if (resource.type() != ConfigResource.Type.TOPIC) {
            return ApiError.NONE;
        }
        String engine = engine(before);
        return engine.equals(engine(after))
                ? ApiError.NONE
                : ApiError.of(
                        ErrorCode.INVALID_CONFIG,
                        TopicKeys.STORAGE_ENGINE + " of an existing topic (" + engine
                                + ") cannot be altered: use engine:migrate");
    }

    private String engine(Map<String, String> configs) {
        return situation.configs().topicWith(configs).getOrDefault(TopicKeys.STORAGE_ENGINE, "");
    }

    private void addRecords(List<Message> records) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String value = after.get(name);
            String old = before.get(name);
            if (value == null ? old != null : !value.equals(old)) {
                records.add(new ConfigRecord()
                        .setResourceType(resource.type().code())
                        .setResourceName(resource.name())
                        .setName(name)
                        .setValue(value));
            }
        }
    }

    private @Nullable String present(ConfigKey key) {
        String set = after.get(key.name());
        if (set != null) {
            return set;
        }
        return switch (resource.type()) {
            case TOPIC -> situation.configs().topicWith(after).get(key.name());
            case GROUP -> situation.configs().group(resource.name(), key.name());
            case CLIENT_METRICS, BROKER_LOGGER -> key.defaultValue();
            case BROKER -> situation.configs().broker(key.name());
        };
    }

    private ConfigCatalogue catalogue() {
        return switch (resource.type()) {
            case TOPIC -> TopicKeys.CATALOGUE;
            case GROUP -> GroupKeys.CATALOGUE;
            case CLIENT_METRICS -> ClientMetricsKeys.CATALOGUE;
            case BROKER, BROKER_LOGGER -> BrokerKeys.CATALOGUE;
        };
    }

    private static List<String> elements(@Nullable String list) {
        if (list == null || list.isBlank()) {
            return new ArrayList<>();
        }
        return new ArrayList<>(Arrays.stream(list.split(",")).map(String::trim).toList());
    }
}
