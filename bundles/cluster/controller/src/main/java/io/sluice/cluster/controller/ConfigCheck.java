package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.config.BrokerKeys;
import io.sluice.cluster.api.config.ClientMetricsKeys;
import io.sluice.cluster.api.config.ConfigKey;
import io.sluice.cluster.api.config.GroupKeys;
import io.sluice.cluster.api.config.TopicKeys;
import io.sluice.cluster.api.config.UpdateMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whether a resource may have a whole configuration; the codes are Kafka's. */
final class ConfigCheck {
    private final Situation situation;

    ConfigCheck(Situation situation) {
        this.situation = situation;
    }

    /** Everything that is set on a resource. */
    ApiError configs(ConfigResource resource, Map<String, String> configs) {
        return switch (resource.type()) {
            case TOPIC -> topic(configs);
            case GROUP -> group(configs);
            case CLIENT_METRICS -> clientMetrics(configs);
            case BROKER -> broker(configs, !resource.name().isEmpty());
            case BROKER_LOGGER -> ApiError.of(ErrorCode.INVALID_REQUEST, "Each broker sets the levels of its loggers");
        };
    }

    private ApiError group(Map<String, String> configs) {
        String problem = GroupKeys.CATALOGUE.problem(configs);
        if (problem == null) {
            problem = GroupKeys.beyond(configs, situation.configs()::broker);
        }
        return problem == null ? ApiError.NONE : ApiError.of(ErrorCode.INVALID_CONFIG, problem);
    }

    /** Kafka refuses an unknown key and an interval out of range as a bad request, and the rest as a bad configuration. */
    private static ApiError clientMetrics(Map<String, String> configs) {
        for (String name : configs.keySet()) {
            if (ClientMetricsKeys.CATALOGUE.key(name) == null) {
                return ApiError.of(ErrorCode.INVALID_REQUEST, ClientMetricsKeys.CATALOGUE.unknown(name));
            }
        }
        String interval = ClientMetricsKeys.intervalProblem(configs);
        if (interval != null) {
            return ApiError.of(ErrorCode.INVALID_REQUEST, interval);
        }
        String problem = ClientMetricsKeys.problem(configs);
        return problem == null ? ApiError.NONE : ApiError.of(ErrorCode.INVALID_CONFIG, problem);
    }

    /** Everything that is set on a topic. */
    ApiError topic(Map<String, String> configs) {
        String problem = TopicKeys.CATALOGUE.problem(configs);
        if (problem == null) {
            problem = TopicKeys.conflict(situation.configs().topicWith(configs));
        }
        return problem == null ? ApiError.NONE : ApiError.of(ErrorCode.INVALID_CONFIG, problem);
    }

    /** Everything that is set on one broker, or as the default of all. */
    ApiError broker(Map<String, String> configs, boolean oneBroker) {
        for (String name : configs.keySet()) {
            if (BrokerKeys.CATALOGUE.key(name) == null) {
                return ApiError.of(ErrorCode.INVALID_CONFIG, BrokerKeys.CATALOGUE.unknown(name));
            }
        }
        List<String> readOnly = withMode(configs, UpdateMode.READ_ONLY);
        if (!readOnly.isEmpty()) {
            return ApiError.of(ErrorCode.INVALID_REQUEST, "Cannot update these configs dynamically: " + readOnly);
        }
        List<String> perBroker = withMode(configs, UpdateMode.PER_BROKER);
        if (!oneBroker && !perBroker.isEmpty()) {
            return ApiError.of(
                    ErrorCode.INVALID_REQUEST,
                    "Cannot update these configs at default cluster level, broker id must be specified: " + perBroker);
        }
        String problem = BrokerKeys.CATALOGUE.problem(configs);
        if (problem == null) {
            Map<String, String> effective = new TreeMap<>();
            BrokerKeys.CATALOGUE.keys().forEach(key -> putEffective(key, configs, effective));
            problem = BrokerKeys.conflict(effective);
        }
        return problem == null ? ApiError.NONE : ApiError.of(ErrorCode.INVALID_REQUEST, problem);
    }

    /** Whether the resource is there. */
    ApiError exists(ConfigResource resource) {
        if (resource.type() == ConfigResource.Type.TOPIC && situation.image().topic(resource.name()) == null) {
            return ApiError.of(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + resource.name() + "' does not exist.");
        }
        return ApiError.NONE;
    }

    /** Whether a resource can have such a name at all. */
    ApiError name(ConfigResource resource) {
        if (resource.type() == ConfigResource.Type.TOPIC) {
            String problem = resource.name().isEmpty()
                    ? "Default topic resources are not allowed."
                    : TopicNames.problem(resource.name());
            ErrorCode code = resource.name().isEmpty() ? ErrorCode.INVALID_REQUEST : ErrorCode.INVALID_TOPIC_EXCEPTION;
            return problem == null ? ApiError.NONE : ApiError.of(code, problem);
        }
        if (resource.type() == ConfigResource.Type.GROUP || resource.type() == ConfigResource.Type.CLIENT_METRICS) {
            String problem = resource.type() == ConfigResource.Type.GROUP
                    ? "Default group resources are not allowed."
                    : "Subscription name can't be empty";
            return resource.name().isEmpty() ? ApiError.of(ErrorCode.INVALID_REQUEST, problem) : ApiError.NONE;
        }
        if (resource.name().isEmpty()) {
            return ApiError.NONE;
        }
        Integer id = number(resource.name());
        if (id == null) {
            return ApiError.of(ErrorCode.INVALID_REQUEST, "Node id must be an integer, but it is: " + resource.name());
        }
        return situation.image().registrations().containsKey(id)
                ? ApiError.NONE
                : ApiError.of(ErrorCode.INVALID_REQUEST, "No broker with the id " + id + " is registered.");
    }

    private void putEffective(ConfigKey key, Map<String, String> configs, Map<String, String> effective) {
        String value = configs.getOrDefault(key.name(), situation.configs().broker(key.name()));
        if (value != null) {
            effective.put(key.name(), value);
        }
    }

    private static List<String> withMode(Map<String, String> configs, UpdateMode mode) {
        return configs.keySet().stream()
                .filter(name -> {
                    ConfigKey key = BrokerKeys.CATALOGUE.key(name);
                    return key != null && key.updateMode() == mode;
                })
                .sorted()
                .toList();
    }

    private static @Nullable Integer number(String text) {
        return text.matches("-?[0-9]{1,9}") ? Integer.valueOf(text) : null;
    }
}
