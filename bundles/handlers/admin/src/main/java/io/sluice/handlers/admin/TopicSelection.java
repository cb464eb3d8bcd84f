package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.DeleteTopicsRequest.DeleteTopicState;
import io.sluice.protocol.message.DeleteTopicsResponse.DeletableTopicResult;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one request to delete: named, or given by id, each at most once. Those who may not describe a topic
 * learn neither that a name exists nor which name an id belongs to. For one thread.
 */
final class TopicSelection {
    private final Request request;
    private final MetadataImage image;
    private final boolean mayDeleteAny;
    private final Set<String> names = new LinkedHashSet<>();
    private final Set<String> repeatedNames = new LinkedHashSet<>();
    private final Set<Uuid> ids = new LinkedHashSet<>();
    private final Set<Uuid> repeatedIds = new LinkedHashSet<>();
    private final List<DeletableTopicResult> refused = new ArrayList<>();
    private final Map<Uuid, TopicImage> accepted = new LinkedHashMap<>();
    private boolean resolved;

    TopicSelection(Request request, MetadataImage image) {
        this.request = request;
        this.image = image;
        this.mayDeleteAny = request.mayDo(Operation.DELETE, Resource.CLUSTER);
    }

    void name(String name) {
        if (repeatedNames.contains(name) || !names.add(name)) {
            names.remove(name);
            repeatedNames.add(name);
        }
    }

    void topic(DeleteTopicState topic) {
        if (topic.name() != null && !topic.topicId().isZero()) {
            refuse(topic.name(), topic.topicId(), Refusal.invalid("You may not specify both topic name and topic id."));
        } else if (topic.name() != null) {
            name(topic.name());
        } else if (topic.topicId().isZero()) {
            refuse(null, Uuid.ZERO, Refusal.invalid("Neither topic name nor id were specified."));
        } else if (repeatedIds.contains(topic.topicId()) || !ids.add(topic.topicId())) {
            ids.remove(topic.topicId());
            repeatedIds.add(topic.topicId());
        }
    }

    List<DeletableTopicResult> refused() {
        resolve();
        return refused;
    }

    List<TopicImage> accepted() {
        resolve();
        return List.copyOf(accepted.values());
    }

    private void resolve() {
        if (resolved) {
            return;
        }
        resolved = true;
        repeatedNames.forEach(name -> refuse(name, Uuid.ZERO, Refusal.invalid("Duplicate topic name.")));
        repeatedIds.forEach(id -> refuse(null, id, Refusal.invalid("Duplicate topic id.")));
        ids.forEach(this::resolveId);
        names.forEach(this::resolveName);
    }

    private void resolveId(Uuid id) {
        TopicImage topic = image.topic(id);
        if (topic == null) {
            refuse(null, id, Refusal.of(ErrorCode.UNKNOWN_TOPIC_ID));
        } else if (mayDo(Operation.DELETE, topic.name())) {
            accepted.put(id, topic);
        } else {
            String visibleName = mayDo(Operation.DESCRIBE, topic.name()) ? topic.name() : null;
            refuse(visibleName, id, Refusal.of(ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        }
    }

    private void resolveName(String name) {
        TopicImage topic = image.topic(name);
        if (!mayDo(Operation.DESCRIBE, name)) {
            refuse(name, Uuid.ZERO, Refusal.of(ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        } else if (topic == null) {
            refuse(name, Uuid.ZERO, Refusal.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        } else if (!mayDo(Operation.DELETE, name)) {
            refuse(name, Uuid.ZERO, Refusal.of(ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        } else if (repeatedIds.contains(topic.id()) || accepted.put(topic.id(), topic) != null) {
            accepted.remove(topic.id());
            refuse(
                    name,
                    topic.id(),
                    Refusal.invalid("The provided topic name maps to an ID that was already supplied."));
        }
    }

    private boolean mayDo(Operation operation, String topic) {
        return mayDeleteAny || request.mayDo(operation, Resource.topic(topic));
    }

    private void refuse(@Nullable String name, Uuid id, Refusal refusal) {
        refused.add(result(name, id, refusal));
    }

    static DeletableTopicResult result(@Nullable String name, Uuid id, Refusal refusal) {
        return new DeletableTopicResult()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
    }
}
