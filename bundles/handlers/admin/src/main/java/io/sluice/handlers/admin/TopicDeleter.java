package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.Controller;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.sluice.protocol.message.DeleteTopicsResponse;
import io.sluice.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers DeleteTopics: {@link TopicSelection} says which topics are meant and may be deleted, the controller deletes. */
final class TopicDeleter {
    private static final short DISABLED_SINCE = 3;

    private final Controller controller;
    private final MetadataSource metadata;
    private final Broker broker;

    TopicDeleter(Controller controller, MetadataSource metadata, Broker broker) {
        this.controller = controller;
        this.metadata = metadata;
        this.broker = broker;
    }

    void answer(Request request) {
        DeleteTopicsRequest asked = request.read(new DeleteTopicsRequest());
        if ("false".equalsIgnoreCase(broker.config("delete.topic.enable"))) {
            request.respond(disabled(asked, request.version()));
            return;
        }
        MetadataImage image = metadata.image();
        TopicSelection selection = new TopicSelection(request, image);
        asked.topicNames().forEach(selection::name);
        asked.topics().forEach(selection::topic);
        List<DeletableTopicResult> refused = selection.refused();
        List<TopicImage> accepted = selection.accepted();
        if (accepted.isEmpty()) {
            request.respond(new DeleteTopicsResponse().setResponses(refused));
            return;
        }
        LateAnswer.to(request, controller.deleteTopics(request(accepted, asked.timeoutMs())), (deleted, failure) -> {
            List<DeletableTopicResult> results = new ArrayList<>(refused);
            if (deleted == null) {
                Refusal why = Refusal.of(failure);
                accepted.forEach(topic -> results.add(TopicSelection.result(topic.name(), topic.id(), why)));
            } else {
                results.addAll(named(deleted, accepted));
            }
            return new DeleteTopicsResponse().setResponses(results);
        });
    }

    private static DeleteTopicsRequest request(List<TopicImage> topics, int timeoutMs) {
        DeleteTopicsRequest request = new DeleteTopicsRequest().setTimeoutMs(timeoutMs);
        for (TopicImage topic : topics) {
            request.topics().add(new DeleteTopicState().setTopicId(topic.id()));
        }
        return request;
    }

    private static List<DeletableTopicResult> named(DeleteTopicsResponse deleted, List<TopicImage> topics) {
        Map<Uuid, String> names = new HashMap<>();
        topics.forEach(topic -> names.put(topic.id(), topic.name()));
        deleted.responses().forEach(result -> {
            String name = names.get(result.topicId());
            if (name != null) {
                result.setName(name);
            }
        });
        return deleted.responses();
    }

    private static DeleteTopicsResponse disabled(DeleteTopicsRequest asked, short version) {
        Refusal refusal = version < DISABLED_SINCE
                ? Refusal.invalid("Topic deletion is disabled.")
                : new Refusal(ErrorCode.TOPIC_DELETION_DISABLED, "Topic deletion is disabled.");
        DeleteTopicsResponse response = new DeleteTopicsResponse();
        for (String name : asked.topicNames()) {
            response.responses().add(TopicSelection.result(name, Uuid.ZERO, refusal));
        }
        for (DeleteTopicState topic : asked.topics()) {
            response.responses().add(TopicSelection.result(topic.name(), topic.topicId(), refusal));
        }
        return response;
    }
}
