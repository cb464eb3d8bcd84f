package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.AlterConfigsRequest;
import io.sluice.protocol.message.AlterConfigsResponse;
import io.sluice.protocol.message.IncrementalAlterConfigsRequest;
import io.sluice.protocol.message.IncrementalAlterConfigsResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Decides IncrementalAlterConfigs (KIP-339) and AlterConfigs, which replaces: each resource as a whole or not at all. */
final class ConfigRequests {
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private ConfigRequests() {}

    /** A resource as a request names it. */
    private record Named(byte type, String name) {}

    static Decision<IncrementalAlterConfigsResponse> incremental(
            IncrementalAlterConfigsRequest request, Situation situation) {
        List<Message> records = new ArrayList<>();
        IncrementalAlterConfigsResponse response = new IncrementalAlterConfigsResponse();
        Set<Named> repeated =
                repeated(request.resources(), resource -> new Named(resource.resourceType(), resource.resourceName()));
        for (IncrementalAlterConfigsRequest.AlterConfigsResource resource : request.resources()) {
            Named named = new Named(resource.resourceType(), resource.resourceName());
            ApiError error = acceptable(named, repeated);
            if (!error.failed()) {
                error = incremental(resource, situation, records);
            }
            response.responses()
                    .add(new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse()
                            .setResourceType(named.type)
                            .setResourceName(named.name)
                            .setErrorCode(error.code().code())
                            .setErrorMessage(error.message()));
        }
        return request.validateOnly() ? Decision.unchanged(response) : new Decision<>(records, response);
    }

    static Decision<AlterConfigsResponse> replace(AlterConfigsRequest request, Situation situation) {
        List<Message> records = new ArrayList<>();
        AlterConfigsResponse response = new AlterConfigsResponse();
        Set<Named> repeated =
                repeated(request.resources(), resource -> new Named(resource.resourceType(), resource.resourceName()));
        for (AlterConfigsRequest.AlterConfigsResource resource : request.resources()) {
            Named named = new Named(resource.resourceType(), resource.resourceName());
            ApiError error = acceptable(named, repeated);
            if (!error.failed()) {
                error = replace(resource, situation, records);
            }
            response.responses()
                    .add(new AlterConfigsResponse.AlterConfigsResourceResponse()
                            .setResourceType(named.type)
                            .setResourceName(named.name)
                            .setErrorCode(error.code().code())
                            .setErrorMessage(error.message()));
        }
        return request.validateOnly() ? Decision.unchanged(response) : new Decision<>(records, response);
    }

    private static ApiError incremental(
            IncrementalAlterConfigsRequest.AlterConfigsResource resource, Situation situation, List<Message> records) {
        List<String> nulls = resource.configs().stream()
                .filter(config -> config.configOperation() != DELETE && config.value() == null)
                .map(IncrementalAlterConfigsRequest.AlterableConfig::name)
                .toList();
        ApiError error = wellFormed(
                resource.configs().stream()
                        .map(IncrementalAlterConfigsRequest.AlterableConfig::name)
                        .toList(),
                nulls);
        if (error.failed()) {
            return error;
        }
        ConfigAlteration alteration =
                new ConfigAlteration(situation, resource(resource.resourceType(), resource.resourceName()));
        for (IncrementalAlterConfigsRequest.AlterableConfig config : resource.configs()) {
            error = apply(config.configOperation(), config.name(), config.value(), alteration);
            if (error.failed()) {
                return error;
            }
        }
        return alteration.finish(records);
    }

    private static ApiError apply(byte operation, String key, @Nullable String value, ConfigAlteration alteration) {
        if (operation == DELETE) {
            alteration.delete(key);
        } else if (operation == SET && value != null) {
            alteration.set(key, value);
        } else if ((operation == APPEND || operation == SUBTRACT) && value != null) {
            return alteration.extend(key, value, operation == APPEND);
        } else {
            return ApiError.of(ErrorCode.INVALID_REQUEST, "Unknown operations type " + operation);
        }
        return ApiError.NONE;
    }

    private static ApiError replace(
            AlterConfigsRequest.AlterConfigsResource resource, Situation situation, List<Message> records) {
        List<String> nulls = resource.configs().stream()
                .filter(config -> config.value() == null)
                .map(AlterConfigsRequest.AlterableConfig::name)
                .toList();
        ApiError error = wellFormed(
                resource.configs().stream()
                        .map(AlterConfigsRequest.AlterableConfig::name)
                        .toList(),
                nulls);
        if (error.failed()) {
            return error;
        }
        ConfigAlteration alteration =
                new ConfigAlteration(situation, resource(resource.resourceType(), resource.resourceName()));
        alteration.clear();
        for (AlterConfigsRequest.AlterableConfig config : resource.configs()) {
            String value = config.value();
            if (value != null) {
                alteration.set(config.name(), value);
            }
        }
        return alteration.finish(records);
    }

    private static ApiError wellFormed(List<String> keys, List<String> nulls) {
        if (new HashSet<>(keys).size() < keys.size()) {
            return ApiError.of(ErrorCode.INVALID_REQUEST, "Error due to duplicate config keys");
        }
        return nulls.isEmpty()
                ? ApiError.NONE
                : ApiError.of(ErrorCode.INVALID_REQUEST, "Null value not supported for : " + String.join(", ", nulls));
    }

    private static ApiError acceptable(Named resource, Set<Named> repeated) {
        if (repeated.contains(resource)) {
            return ApiError.of(ErrorCode.INVALID_REQUEST, "Each resource must appear at most once.");
        }
        ConfigResource.Type type = ConfigResource.Type.of(resource.type);
        return type != null && type != ConfigResource.Type.BROKER_LOGGER
                ? ApiError.NONE
                : ApiError.of(
                        ErrorCode.INVALID_REQUEST,
                        "Unexpected resource type " + (type == null ? "UNKNOWN" : type.name()) + ".");
    }

    private static ConfigResource resource(byte code, String name) {
        ConfigResource.Type type = ConfigResource.Type.of(code);
        if (type == null) {
            throw new IllegalArgumentException("not a resource type: " + code);
        }
        return new ConfigResource(type, name);
    }

    private static <R> Set<Named> repeated(List<R> resources, Function<R, Named> name) {
        Map<Named, Integer> mentions = new HashMap<>();
        resources.forEach(resource -> mentions.merge(name.apply(resource), 1, Integer::sum));
        Set<Named> repeated = new HashSet<>();
        mentions.forEach((resource, count) -> {
            if (count > 1) {
                repeated.add(resource);
            }
        });
        return repeated;
    }
}
