package io.sluice.handlers.metadata;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AdvertisedApi;
import io.sluice.broker.api.Broker;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.FindCoordinatorRequest;
import io.sluice.protocol.message.FindCoordinatorResponse;
import io.sluice.protocol.message.FindCoordinatorResponse.Coordinator;
import io.sluice.request.api.Request;
import java.util.ArrayList;
import java.util.List;
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
            respond(
                    request,
                    keys,
                    key -> failed(
                            ErrorCode.INVALID_REQUEST,
                            "coordinator type " + asked.keyType() + " is not known to version " + request.version()));
        } else if (type != CoordinatorType.GROUP && !isInstalled(type)) {
            respond(request, keys, key -> notInstalled(request, type));
        } else if (metadata.image().topic(type.topic()) != null || !mayAskForAny(request, type, keys)) {
            respond(request, keys, key -> find(request, type, key));
        } else {
            creation.create(List.of(type.topic()))
                    .whenComplete((created, failure) -> respond(request, keys, key -> find(request, type, key)));
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

    private static boolean mayAskForAny(Request request, CoordinatorType type, List<String> keys) {
        for (String key : keys) {
            if (request.mayDo(type.operation(), type.resource(key))) {
                return true;
            }
        }
        return false;
    }

    private Found find(Request request, CoordinatorType type, String key) {
        if (!request.mayDo(type.operation(), type.resource(key))) {
            return failed(refusal(type), null);
        }
        TopicImage topic = metadata.image().topic(type.topic());
        if (topic == null || topic.partitions().isEmpty()) {
            return failed(ErrorCode.COORDINATOR_NOT_AVAILABLE, null);
        }
        int partition = type.partitionOf(key, topic.partitions().size());
        ClusterView view =
                new ClusterView(metadata.image(), broker, request.peer().listenerName());
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

    private static void respond(Request request, List<String> keys, Finder finder) {
        FindCoordinatorResponse response = new FindCoordinatorResponse();
        if (request.version() < BATCHES_SINCE) {
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
        request.respond(response);
    }
}
