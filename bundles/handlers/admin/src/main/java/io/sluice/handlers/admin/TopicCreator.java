package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.Controller;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers CreateTopics: sorts out what must not reach the controller - repeated names, what the asker may not create,
 * engines that are not there - and hides the configuration of a new topic from those who may not read it.
 */
final class TopicCreator {
    private final Controller controller;
    private final StorageEngineKey engineKey;

    TopicCreator(Controller controller, StorageEngineKey engineKey) {
        this.controller = controller;
        this.engineKey = engineKey;
    }

    void answer(Request request) {
        CreateTopicsRequest asked = request.read(new CreateTopicsRequest());
        List<CreatableTopicResult> refused = new ArrayList<>();
        List<CreatableTopic> accepted = new ArrayList<>();
        boolean mayCreateAny = request.mayDo(Operation.CREATE, Resource.CLUSTER);
        for (Map.Entry<String, List<CreatableTopic>> topic : byName(asked).entrySet()) {
            CreatableTopic first = topic.getValue().get(0);
            Refusal refusal = topic.getValue().size() > 1
                    ? Refusal.invalid("Duplicate topic name.")
                    : refusal(request, first, mayCreateAny);
            if (refusal == null) {
                accepted.add(first);
            } else {
                refused.add(result(first.name(), refusal));
            }
        }
        if (accepted.isEmpty()) {
            request.respond(new CreateTopicsResponse().setTopics(refused));
            return;
        }
        CreateTopicsRequest forwarded = new CreateTopicsRequest()
                .setTopics(accepted)
                .setTimeoutMs(asked.timeoutMs())
                .setValidateOnly(asked.validateOnly());
        Set<String> readable = readable(request, accepted);
        LateAnswer.to(request, controller.createTopics(forwarded), (created, failure) -> {
            List<CreatableTopicResult> results = new ArrayList<>(refused);
            if (created == null) {
                Refusal why = Refusal.of(failure);
                accepted.forEach(topic -> results.add(result(topic.name(), why)));
            } else {
                created.topics().forEach(result -> results.add(hide(result, readable)));
            }
            return new CreateTopicsResponse().setTopics(results);
        });
    }

    private static Map<String, List<CreatableTopic>> byName(CreateTopicsRequest asked) {
        Map<String, List<CreatableTopic>> byName = new LinkedHashMap<>();
        for (CreatableTopic topic : asked.topics()) {
            byName.computeIfAbsent(topic.name(), name -> new ArrayList<>(1)).add(topic);
        }
        return byName;
    }

    private @Nullable Refusal refusal(Request request, CreatableTopic topic, boolean mayCreateAny) {
        if (topic.name().equals(TopicNames.CLUSTER_METADATA)) {
            return Refusal.invalid("Creation of internal topic " + topic.name() + " is prohibited.");
        }
        if (!mayCreateAny && !request.mayDo(Operation.CREATE, Resource.topic(topic.name()))) {
            return new Refusal(ErrorCode.TOPIC_AUTHORIZATION_FAILED, "Authorization failed.");
        }
        Map<String, String> configs = new LinkedHashMap<>();
        for (CreatableTopicConfig config : topic.configs()) {
            Refusal refusal =
                    config.name().equals(StorageEngineKey.NAME) ? engineKey.refusalToCreate(config.value()) : null;
            if (refusal != null) {
                return refusal;
            }
            if (config.value() != null) {
                configs.put(config.name(), config.value());
            }
        }
        return engineKey.refusalToConfigure(
                configs.getOrDefault(StorageEngineKey.NAME, StorageEngineKey.DEFAULT), configs);
    }

    private static Set<String> readable(Request request, List<CreatableTopic> topics) {
        Set<String> readable = new HashSet<>();
        for (CreatableTopic topic : topics) {
            if (request.mayDo(Operation.DESCRIBE_CONFIGS, Resource.topic(topic.name()))) {
                readable.add(topic.name());
            }
        }
        return readable;
    }

    private static CreatableTopicResult hide(CreatableTopicResult result, Set<String> readable) {
        if (result.errorCode() != ErrorCode.NONE.code() || readable.contains(result.name())) {
            return result;
        }
        return result.setTopicConfigErrorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code())
                .setNumPartitions(-1)
                .setReplicationFactor((short) -1)
                .setConfigs(List.of());
    }

    private static CreatableTopicResult result(String name, Refusal refusal) {
        return new CreatableTopicResult()
                .setName(name)
                .setTopicId(Uuid.ZERO)
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
    }
}
