package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.sluice.protocol.message.DeleteTopicsResponse;
import io.sluice.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import io.sluice.protocol.metadata.RemoveTopicRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides DeleteTopics, by name or by id. */
final class TopicDeletion {
    private final Situation situation;
    private final List<Message> records = new ArrayList<>();
    private final DeleteTopicsResponse response = new DeleteTopicsResponse();

    private TopicDeletion(Situation situation) {
        this.situation = situation;
    }

    static Decision<DeleteTopicsResponse> decide(DeleteTopicsRequest request, Situation situation) {
        return new TopicDeletion(situation).decide(request);
    }

    private Decision<DeleteTopicsResponse> decide(DeleteTopicsRequest request) {
        List<DeleteTopicState> wanted = new ArrayList<>(request.topics());
        request.topicNames().forEach(name -> wanted.add(new DeleteTopicState().setName(name)));
        boolean enabled = Boolean.parseBoolean(situation.broker("delete.topic.enable"));
        Map<Object, Integer> mentions = new HashMap<>();
        wanted.forEach(topic -> mentions.merge(key(topic), 1, Integer::sum));
        Set<Object> answered = new HashSet<>();
        Set<Uuid> deleted = new HashSet<>();
        for (DeleteTopicState topic : wanted) {
            Object key = key(topic);
            boolean duplicate = mentions.getOrDefault(key, 0) > 1;
            if (!duplicate || answered.add(key)) {
                decide(topic, enabled, duplicate, deleted);
            }
        }
        return new Decision<>(records, response);
    }

    private void decide(DeleteTopicState topic, boolean enabled, boolean duplicate, Set<Uuid> deleted) {
        String name = topic.name();
        Uuid id = topic.topicId();
        if (!enabled) {
            answer(name, id, ErrorCode.TOPIC_DELETION_DISABLED, "Topic deletion is disabled.");
        } else if (name == null && id.isZero()) {
            answer(name, id, ErrorCode.INVALID_REQUEST, "Neither topic name nor id were specified.");
        } else if (name != null && !id.isZero()) {
            answer(name, id, ErrorCode.INVALID_REQUEST, "You may not specify both topic name and topic id.");
        } else if (duplicate) {
            answer(name, id, ErrorCode.INVALID_REQUEST, "Duplicate topic " + (name == null ? "id." : "name."));
        } else {
            delete(name, id, deleted);
        }
    }

    private void delete(@Nullable String name, Uuid id, Set<Uuid> deleted) {
        TopicImage topic =
                name == null ? situation.image().topic(id) : situation.image().topic(name);
        if (topic == null && name == null) {
            answer(null, id, ErrorCode.UNKNOWN_TOPIC_ID, "This server does not host this topic ID.");
        } else if (topic == null) {
            answer(name, id, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
        } else if (!deleted.add(topic.id())) {
            answer(
                    topic.name(),
                    topic.id(),
                    ErrorCode.INVALID_REQUEST,
                    "The provided topic name maps to an ID that was already supplied.");
        } else {
            records.add(new RemoveTopicRecord().setTopicId(topic.id()));
            answer(topic.name(), topic.id(), ErrorCode.NONE, null);
        }
    }

    private void answer(@Nullable String name, Uuid id, ErrorCode code, @Nullable String message) {
        response.responses()
                .add(new DeletableTopicResult()
                        .setName(name)
                        .setTopicId(id)
                        .setErrorCode(code.code())
                        .setErrorMessage(message));
    }

    private static Object key(DeleteTopicState topic) {
        String name = topic.name();
        return name == null ? topic.topicId() : name;
    }
}
