package io.sluice.handlers.metadata;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.Broker;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.MetadataRequest;
import io.sluice.protocol.message.MetadataRequest.MetadataRequestTopic;
import io.sluice.protocol.message.MetadataResponse;
import io.sluice.request.api.AuthorizedOperations;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers Metadata. Which topics are asked for, which of them may be seen and which are to be created is decided here;
 * {@link MetadataAnswer} fills in what is known of them.
 *
 * <p>Without the right to describe a topic the answer is the same whether it exists or not.
 */
final class MetadataQuery {
    private static final short TOPIC_IDS_SINCE = 12;
    private static final short NULL_MEANS_ALL_SINCE = 1;
    private static final short CLUSTER_OPERATIONS_UNTIL = 10;

    private final MetadataSource metadata;
    private final Broker broker;
    private final TopicCreation creation;

    MetadataQuery(MetadataSource metadata, Broker broker, TopicCreation creation) {
        this.metadata = metadata;
        this.broker = broker;
        this.creation = creation;
    }

    void answer(Request request) {
        MetadataRequest asked = request.read(new MetadataRequest());
        if (!isValid(asked, request.version())) {
            request.respond(refused(asked, ErrorCode.INVALID_REQUEST));
            return;
        }
        Selection selection = select(request, asked);
        Set<String> missing = creatable(request, asked, selection);
        Rights rights = rights(request, asked, selection);
        if (missing.isEmpty()) {
            request.respond(response(request, selection, rights));
            return;
        }
        LateAnswer.to(request, creation.create(missing), (created, failure) -> response(request, selection, rights));
    }

    private static boolean isAllTopics(MetadataRequest asked, short version) {
        return asked.topics() == null
                || (version < NULL_MEANS_ALL_SINCE && asked.topics().isEmpty());
    }

    private static List<MetadataRequestTopic> named(MetadataRequest asked) {
        List<MetadataRequestTopic> topics = asked.topics();
        return topics == null ? List.of() : topics;
    }

    private static boolean isValid(MetadataRequest asked, short version) {
        if (isAllTopics(asked, version) || version >= TOPIC_IDS_SINCE) {
            return true;
        }
        for (MetadataRequestTopic topic : named(asked)) {
            if (topic.name() == null || !topic.topicId().isZero()) {
                return false;
            }
        }
        return true;
    }

    /** What is asked for, sorted by what may be said of it. */
    private static final class Selection {
        final Set<String> visible = new LinkedHashSet<>();
        final List<Uuid> unknownIds = new ArrayList<>();
        final Set<String> notDescribable = new LinkedHashSet<>();
        final Set<String> notCreatable = new LinkedHashSet<>();
        boolean all;
        boolean byId;
    }

    private Selection select(Request request, MetadataRequest asked) {
        MetadataImage image = metadata.image();
        Selection selection = new Selection();
        Set<String> names = new LinkedHashSet<>();
        if (isAllTopics(asked, request.version())) {
            selection.all = true;
            for (TopicImage topic : image.topics()) {
                names.add(topic.name());
            }
        } else {
            collect(asked, image, selection, names);
        }
        for (String name : names) {
            if (request.mayDo(Operation.DESCRIBE, Resource.topic(name))) {
                selection.visible.add(name);
            } else if (!selection.all) {
                selection.notDescribable.add(name);
            }
        }
        return selection;
    }

    /** One id among the topics makes it a request by ids; names are then left out, as in Kafka. */
    private static void collect(MetadataRequest asked, MetadataImage image, Selection selection, Set<String> names) {
        Set<Uuid> ids = new LinkedHashSet<>();
        for (MetadataRequestTopic topic : named(asked)) {
            if (!topic.topicId().isZero()) {
                ids.add(topic.topicId());
            }
        }
        selection.byId = !ids.isEmpty();
        for (Uuid id : ids) {
            TopicImage topic = image.topic(id);
            if (topic == null) {
                selection.unknownIds.add(id);
            } else {
                names.add(topic.name());
            }
        }
        if (!selection.byId) {
            for (MetadataRequestTopic topic : named(asked)) {
                if (topic.name() != null) {
                    names.add(topic.name());
                }
            }
        }
    }

    /** Takes those that may not be created out of the visible ones; returns those to create now. */
    private Set<String> creatable(Request request, MetadataRequest asked, Selection selection) {
        Set<String> missing = new LinkedHashSet<>();
        if (selection.all
                || !asked.allowAutoTopicCreation()
                || !Boolean.parseBoolean(broker.config("auto.create.topics.enable"))) {
            return missing;
        }
        MetadataImage image = metadata.image();
        for (String name : selection.visible) {
            if (image.topic(name) == null) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty() && !request.mayDo(Operation.CREATE, Resource.CLUSTER)) {
            missing.removeIf(name -> !request.mayDo(Operation.CREATE, Resource.topic(name))
                    && selection.visible.remove(name)
                    && selection.notCreatable.add(name));
        }
        missing.removeIf(name -> !TopicNames.isValid(name));
        return missing;
    }

    /** What the asker may do, as far as it was asked for; found within the call, because the authorizer is lent for it. */
    private record Rights(Map<String, Integer> topics, int cluster) {
        int on(String topic) {
            return topics.getOrDefault(topic, AuthorizedOperations.NOT_ASKED);
        }
    }

    private static Rights rights(Request request, MetadataRequest asked, Selection selection) {
        Map<String, Integer> topics = new HashMap<>();
        if (asked.includeTopicAuthorizedOperations()) {
            for (String name : selection.visible) {
                topics.put(name, AuthorizedOperations.of(request, Resource.topic(name)));
            }
        }
        return new Rights(topics, clusterOperations(request, asked));
    }

    private MetadataResponse response(Request request, Selection selection, Rights rights) {
        ClusterView view =
                new ClusterView(metadata.image(), broker, request.peer().listenerName());
        MetadataAnswer answer = new MetadataAnswer(view, request.version());
        for (Uuid id : selection.unknownIds) {
            answer.addError(ErrorCode.UNKNOWN_TOPIC_ID, null, id);
        }
        for (String name : selection.visible) {
            answer.addTopic(name, rights.on(name), !selection.all && !selection.byId);
        }
        for (String name : selection.notCreatable) {
            answer.addError(ErrorCode.TOPIC_AUTHORIZATION_FAILED, name, Uuid.ZERO);
        }
        for (String name : selection.notDescribable) {
            answer.addNotDescribable(name, selection.byId);
        }
        return answer.complete(broker.clusterId()).setClusterAuthorizedOperations(rights.cluster());
    }

    private static int clusterOperations(Request request, MetadataRequest asked) {
        if (request.version() > CLUSTER_OPERATIONS_UNTIL || !asked.includeClusterAuthorizedOperations()) {
            return AuthorizedOperations.NOT_ASKED;
        }
        return request.mayDo(Operation.DESCRIBE, Resource.CLUSTER)
                ? AuthorizedOperations.of(request, Resource.CLUSTER)
                : 0;
    }

    private static MetadataResponse refused(MetadataRequest asked, ErrorCode error) {
        MetadataResponse response = new MetadataResponse().setErrorCode(error.code());
        for (MetadataRequestTopic topic : named(asked)) {
            response.topics()
                    .add(new MetadataResponse.MetadataResponseTopic()
                            .setErrorCode(error.code())
                            .setName(topic.name() == null ? "" : topic.name())
                            .setTopicId(topic.topicId()));
        }
        return response;
    }
}
