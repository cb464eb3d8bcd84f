package io.sluice.handlers.metadata;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.FindCoordinatorRequest;
import io.sluice.protocol.message.FindCoordinatorResponse;
import io.sluice.protocol.message.FindCoordinatorResponse.Coordinator;
import io.sluice.request.api.LateAnswer;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers FindCoordinator: the leader of the key's partition of the coordinators' topic. The first question creates the
 * topic, and is answered when the topic is there.
 *
 * <p>Clients ask again after {@code COORDINATOR_NOT_AVAILABLE}, some of them forever. For coordinators that are not
 * installed the answer is therefore a final error: {@code INVALID_REQUEST} with the reason; but to versions without
 * batches {@code TRANSACTIONAL_ID_AUTHORIZATION_FAILED}, because librdkafka, which uses those, tries a transactional id
 * again after any error but that.
 */
final class CoordinatorLookup {
    private static final short BATCHES_SINCE = 4;
    private static final short SHARE_SINCE = 6;

    private final MetadataSource metadata;
    private final Broker broker;
    private final TopicCreation creation;

    CoordinatorLookup(MetadataSource metadata, Broker broker, TopicCreation creation) {
        this.metadata = metadata;
        this.broker = broker;
        this.creation = creation;
    }

    void answer(Request request) {
        FindCoordinatorRequest asked = request.read(new FindCoordinatorRequest());
        CoordinatorType type = CoordinatorType.of(asked.keyType());
        List<String> keys = request.version() < BATCHES_SINCE ? List.of(asked.key()) : asked.coordinatorKeys();
        if (type == null || (type == CoordinatorType.SHARE && request.version() < SHARE_SINCE)) {
            String reason = "coordinator type " + asked.keyType() + " is not known to version " + request.version();
            request.respond(response(request.version(), keys, key -> failed(ErrorCode.INVALID_REQUEST, reason)));
            return;
        }
        if (type != CoordinatorType.GROUP && !isInstalled(type)) {
            request.respond(response(request.version(), keys, key -> notInstalled(request, type)));
            return;
        }
        Set<String> allowed = allowed(request, type, keys);
        Finder finder = key ->
                allowed.contains(key) ? find(request.peer().listenerName(), type, key) : failed(refusal(type), null);
        if (allowed.isEmpty() || metadata.image().topic(type.topic()) != null) {
            request.respond(response(request.version(), keys, finder));
        } else {
            LateAnswer.to(
                    request,
                    creation.create(List.of(type.topic())),
                    (created, failure) -> response(request.version(), keys, finder));
        }
    }

    private boolean isInstalled(CoordinatorType type) {
        for (AdvertisedApi advertised : broker.advertisedApis()) {
            if (advertised.api() == type.answeredBy()) {
                return true;
            }
        }
        return false;
    }

    /** Asked within the call, because the authorizer may be on its way out when the topic is there. */
    private static Set<String> allowed(Request request, CoordinatorType type, List<String> keys) {
        Set<String> allowed = new HashSet<>();
        for (String key : keys) {
            if (request.mayDo(type.operation(), type.resource(key))) {
                allowed.add(key);
            }
        }
        return allowed;
    }

    private Found find(String listenerName, CoordinatorType type, String key) {
        TopicImage topic = metadata.image().topic(type.topic());
        if (topic == null || topic.partitions().isEmpty()) {
            return failed(ErrorCode.COORDINATOR_NOT_AVAILABLE, null);
        }
        int partition = type.partitionOf(key, topic.partitions().size());
        ClusterView view = new ClusterView(metadata.image(), broker, listenerName);
        ClusterView.Node leader =
                view.aliveNode(topic.partitions().get(partition).leader());
        return leader == null
                ? failed(ErrorCode.COORDINATOR_NOT_AVAILABLE, null)
                : new Found(ErrorCode.NONE, null, leader.id(), leader.host(), leader.port());
    }

    private static ErrorCode refusal(CoordinatorType type) {
        return switch (type) {
            case GROUP -> ErrorCode.GROUP_AUTHORIZATION_FAILED;
            case TRANSACTION -> ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            case SHARE -> ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
        };
    }

    private static Found notInstalled(Request request, CoordinatorType type) {
        boolean transaction = type == CoordinatorType.TRANSACTION;
        String reason = transaction
                ? "Transactions are not supported: no transaction coordinator is installed on this broker"
                : "Share groups are not supported: no share coordinator is installed on this broker";
        return transaction && request.version() < BATCHES_SINCE
                ? failed(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, reason)
                : failed(ErrorCode.INVALID_REQUEST, reason);
    }

    /** What was found for one key: a node, or an error with a word about it. */
    private record Found(ErrorCode error, @Nullable String message, int nodeId, String host, int port) {}

    private static Found failed(ErrorCode error, @Nullable String message) {
        return new Found(error, message, -1, "", -1);
    }

    @FunctionalInterface
    private interface Finder {
        Found find(String key);
    }

    private static FindCoordinatorResponse response(short version, List<String> keys, Finder finder) {
        FindCoordinatorResponse response = new FindCoordinatorResponse();
        if (version < BATCHES_SINCE) {
            Found found = finder.find(keys.get(0));
            response.setErrorCode(found.error().code())
                    .setErrorMessage(found.message())
                    .setNodeId(found.nodeId())
                    .setHost(found.host())
                    .setPort(found.port());
        } else {
            List<Coordinator> coordinators = new ArrayList<>(keys.size());
            for (String key : keys) {
                Found found = finder.find(key);
                coordinators.add(new Coordinator()
                        .setKey(key)
                        .setErrorCode(found.error().code())
                        .setErrorMessage(found.message())
                        .setNodeId(found.nodeId())
                        .setHost(found.host())
                        .setPort(found.port()));
            }
            response.setCoordinators(coordinators);
        }
        return response;
    }
}
