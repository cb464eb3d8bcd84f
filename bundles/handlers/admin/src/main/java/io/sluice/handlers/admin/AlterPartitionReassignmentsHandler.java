package io.sluice.handlers.admin;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.cluster.api.MetadataSource;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterPartitionReassignmentsRequest;
import io.sluice.protocol.message.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.sluice.protocol.message.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.sluice.protocol.message.AlterPartitionReassignmentsResponse;
import io.sluice.protocol.message.AlterPartitionReassignmentsResponse.ReassignablePartitionResponse;
import io.sluice.protocol.message.AlterPartitionReassignmentsResponse.ReassignableTopicResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.api.Request;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.HashSet;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * AlterPartitionReassignments (API 45): gives partitions other brokers (KIP-455). A partition stays on the broker that it has, so only
 * what is so already is taken, as the command line sends it before it moves replicas between log directories.
 */
@Component(service = ApiHandler.class)
public final class AlterPartitionReassignmentsHandler implements ApiHandler {
    private final MetadataSource metadata;

    @Activate
    public AlterPartitionReassignmentsHandler(@Reference MetadataSource metadata) {
        this.metadata = metadata;
    }

    @Override
    public ApiKey api() {
        return ApiKey.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public void handle(Request request) {
        AlterPartitionReassignmentsRequest asked = request.read(new AlterPartitionReassignmentsRequest());
        AlterPartitionReassignmentsResponse response = new AlterPartitionReassignmentsResponse()
                .setErrorMessage(null)
                .setAllowReplicationFactorChange(asked.allowReplicationFactorChange());
        if (!request.mayDo(Operation.ALTER, Resource.CLUSTER)) {
            request.respond(response.setErrorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code()));
            return;
        }
        MetadataImage image = metadata.image();
        for (ReassignableTopic topic : asked.topics()) {
            ReassignableTopicResponse result = new ReassignableTopicResponse().setName(topic.name());
            for (ReassignablePartition partition : topic.partitions()) {
                result.partitions().add(answer(image, topic.name(), partition, asked.allowReplicationFactorChange()));
            }
            response.responses().add(result);
        }
        request.respond(response);
    }

    private static ReassignablePartitionResponse answer(
            MetadataImage image, String topic, ReassignablePartition asked, boolean mayResize) {
        ReassignablePartitionResponse answer =
                new ReassignablePartitionResponse().setPartitionIndex(asked.partitionIndex());
        PartitionImage known = image.partition(new TopicPartition(topic, asked.partitionIndex()));
        List<Integer> replicas = asked.replicas();
        if (known == null) {
            return refuse(answer, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no such partition.");
        }
        if (replicas == null) {
            return refuse(answer, ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, "The partition is not being reassigned.");
        }
        if (replicas.isEmpty() || new HashSet<>(replicas).size() < replicas.size()) {
            return refuse(
                    answer,
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    replicas.isEmpty() ? "The replica list is empty." : "A broker is named more than once.");
        }
        for (Integer broker : replicas) {
            if (!image.brokers().containsKey(broker)) {
                return refuse(
                        answer, ErrorCode.INVALID_REPLICA_ASSIGNMENT, "The broker " + broker + " is not registered.");
            }
        }
        if (!mayResize && replicas.size() != known.replicas().size()) {
            return refuse(
                    answer,
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "The replication factor is changed from " + known.replicas().size() + " to " + replicas.size());
        }
        return replicas.equals(known.replicas())
                ? answer.setErrorMessage(null)
                : refuse(
                        answer,
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "The partition stays on the brokers " + known.replicas() + ".");
    }

    private static ReassignablePartitionResponse refuse(
            ReassignablePartitionResponse answer, ErrorCode error, String message) {
        return answer.setErrorCode(error.code()).setErrorMessage(message);
    }
}
