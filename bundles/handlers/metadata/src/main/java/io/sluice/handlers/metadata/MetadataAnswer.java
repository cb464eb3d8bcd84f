package io.sluice.handlers.metadata;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.broker.api.TopicNames;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.protocol.message.MetadataResponse;
import io.sluice.protocol.message.MetadataResponse.MetadataResponseBroker;
import io.sluice.protocol.message.MetadataResponse.MetadataResponsePartition;
import io.sluice.protocol.message.MetadataResponse.MetadataResponseTopic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds an answer to Metadata from one image, in the way of one version. */
final class MetadataAnswer {
    /** Until then an unreachable replica was an error of its partition; since, it is an offline replica. */
    private static final short OFFLINE_REPLICAS_ARE_NO_ERROR_SINCE = 1;

    private static final short LISTENER_NOT_FOUND_SINCE = 6;

    private final ClusterView view;
    private final short version;
    private final MetadataResponse response = new MetadataResponse();

    MetadataAnswer(ClusterView view, short version) {
        this.view = view;
        this.version = version;
    }

    /**
     * Adds a topic that the asker may see.
     *
     * @param reportMissing whether one that does not exist is reported; the topics of a list that was taken from an older
     *     image are left out
     */
    void addTopic(String name, int operations, boolean reportMissing) {
        TopicImage topic = view.image().topic(name);
        if (topic != null) {
            MetadataResponseTopic described =
                    topic(ErrorCode.NONE, name, topic.id()).setTopicAuthorizedOperations(operations);
            for (PartitionImage partition : topic.partitions()) {
                described.partitions().add(partition(partition));
            }
            response.topics().add(described);
        } else if (reportMissing) {
            ErrorCode error =
                    TopicNames.isValid(name) ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.INVALID_TOPIC_EXCEPTION;
            response.topics().add(topic(error, name, Uuid.ZERO).setTopicAuthorizedOperations(operations));
        }
    }

    void addError(ErrorCode error, @Nullable String name, Uuid id) {
        response.topics().add(topic(error, name, id));
    }

    /** An id is no secret and is repeated; a name is repeated only to those who gave it. */
    void addNotDescribable(String name, boolean byId) {
        TopicImage topic = byId ? view.image().topic(name) : null;
        MetadataResponseTopic refused =
                topic(ErrorCode.TOPIC_AUTHORIZATION_FAILED, byId ? null : name, topic == null ? Uuid.ZERO : topic.id());
        response.topics().add(refused.setIsInternal(false));
    }

    MetadataResponse complete(String clusterId) {
        for (ClusterView.Node node : view.aliveNodes()) {
            response.brokers()
                    .add(new MetadataResponseBroker()
                            .setNodeId(node.id())
                            .setHost(node.host())
                            .setPort(node.port())
                            .setRack(node.rack()));
        }
        return response.setClusterId(clusterId).setControllerId(view.controllerId());
    }

    private static MetadataResponseTopic topic(ErrorCode error, @Nullable String name, Uuid id) {
        return new MetadataResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setTopicId(id)
                .setIsInternal(TopicNames.isInternal(name));
    }

    private MetadataResponsePartition partition(PartitionImage partition) {
        boolean onlyAlive = version < OFFLINE_REPLICAS_ARE_NO_ERROR_SINCE;
        List<Integer> replicas = onlyAlive ? view.aliveOnly(partition.replicas()) : partition.replicas();
        List<Integer> inSync = onlyAlive ? view.aliveOnly(partition.inSyncReplicas()) : partition.inSyncReplicas();
        ErrorCode error = view.leaderError(partition, version >= LISTENER_NOT_FOUND_SINCE);
        boolean hasLeader = error == ErrorCode.NONE;
        if (hasLeader
                && (replicas.size() < partition.replicas().size()
                        || inSync.size() < partition.inSyncReplicas().size())) {
            error = ErrorCode.REPLICA_NOT_AVAILABLE;
        }
        return new MetadataResponsePartition()
                .setErrorCode(error.code())
                .setPartitionIndex(partition.partition())
                .setLeaderId(hasLeader ? partition.leader() : -1)
                .setLeaderEpoch(partition.leaderEpoch())
                .setReplicaNodes(replicas)
                .setIsrNodes(inSync)
                .setOfflineReplicas(view.offlineReplicas(partition));
    }
}
