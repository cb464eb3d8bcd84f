package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.protocol.message.AddRaftVoterRequest;
import io.sluice.protocol.message.AddRaftVoterResponse;
import io.sluice.protocol.message.DescribeQuorumRequest;
import io.sluice.protocol.message.DescribeQuorumResponse;
import io.sluice.protocol.message.DescribeQuorumResponse.Node;
import io.sluice.protocol.message.DescribeQuorumResponse.PartitionData;
import io.sluice.protocol.message.DescribeQuorumResponse.ReplicaState;
import io.sluice.protocol.message.RemoveRaftVoterRequest;
import io.sluice.protocol.message.RemoveRaftVoterResponse;
import io.sluice.protocol.message.UnregisterControllerRequest;
import io.sluice.protocol.message.UnregisterControllerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers about who keeps the metadata (KIP-595, KIP-853): this node alone, as long as the log is a local one. Its voter is named by its
 * node id and the id of its first log directory.
 */
final class Quorum {
    private static final String TOPIC = "__cluster_metadata";

    private Quorum() {}

    /**
     * The answer goes out once everything that was decided before is committed, so the end of the log is its high watermark.
     *
     * @param nowMs since the epoch; a leader has always just caught up with itself
     */
    static Decision<DescribeQuorumResponse> describe(DescribeQuorumRequest request, long nowMs, Situation situation) {
        DescribeQuorumResponse response = new DescribeQuorumResponse().setErrorMessage(null);
        boolean known = isMetadata(request);
        for (DescribeQuorumRequest.TopicData topic : request.topics()) {
            DescribeQuorumResponse.TopicData answer =
                    new DescribeQuorumResponse.TopicData().setTopicName(topic.topicName());
            for (DescribeQuorumRequest.PartitionData partition : topic.partitions()) {
                answer.partitions()
                        .add(
                                known
                                        ? state(nowMs, situation)
                                        : new PartitionData()
                                                .setPartitionIndex(partition.partitionIndex())
                                                .setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code())
                                                .setErrorMessage(null));
            }
            response.topics().add(answer);
        }
        if (known) {
            response.nodes().add(node(situation));
        }
        return Decision.unchanged(response);
    }

    static Decision<AddRaftVoterResponse> add(AddRaftVoterRequest request, Situation situation) {
        ApiError error = check(request.clusterId(), request.voterId(), request.voterDirectoryId(), situation);
        if (!error.failed() && request.listeners().isEmpty()) {
            error = ApiError.of(ErrorCode.INVALID_REQUEST, "Add voter request didn't include an endpoint");
        } else if (!error.failed()) {
            error = request.voterId() == situation.nodeId()
                    ? ApiError.of(
                            ErrorCode.DUPLICATE_VOTER,
                            "Voter " + request.voterId() + " is already part of the set of voters")
                    : ApiError.of(
                            ErrorCode.UNSUPPORTED_VERSION,
                            "The metadata log is kept by node " + situation.nodeId() + " alone and takes no voters");
        }
        return Decision.unchanged(
                new AddRaftVoterResponse().setErrorCode(error.code().code()).setErrorMessage(error.message()));
    }

    /** The last voter cannot be removed, as little as one that is none. */
    static Decision<RemoveRaftVoterResponse> remove(RemoveRaftVoterRequest request, Situation situation) {
        ApiError error = check(request.clusterId(), request.voterId(), request.voterDirectoryId(), situation);
        if (!error.failed()) {
            error = ApiError.of(
                    ErrorCode.VOTER_NOT_FOUND,
                    "Cannot remove voter " + request.voterId() + " from the set of voters [" + situation.nodeId()
                            + "]");
        }
        return Decision.unchanged(
                new RemoveRaftVoterResponse().setErrorCode(error.code().code()).setErrorMessage(error.message()));
    }

    static Decision<UnregisterControllerResponse> unregister(UnregisterControllerRequest request, Situation situation) {
        ApiError error = request.controllerId() == situation.nodeId()
                ? ApiError.of(ErrorCode.INVALID_REQUEST, "Controller cannot unregister itself while it is active.")
                : ApiError.of(
                        ErrorCode.CONTROLLER_ID_NOT_REGISTERED,
                        "Controller ID " + request.controllerId() + " is not currently registered.");
        return Decision.unchanged(new UnregisterControllerResponse()
                .setErrorCode(error.code().code())
                .setErrorMessage(error.message()));
    }

    private static ApiError check(@Nullable String clusterId, int voter, Uuid directory, Situation situation) {
        if (clusterId != null && !clusterId.equals(situation.clusterId())) {
            return ApiError.of(
                    ErrorCode.INCONSISTENT_CLUSTER_ID,
                    "The given id \"" + clusterId + "\" doesn't match the cluster id \"" + situation.clusterId()
                            + "\"");
        }
        return voter < 0 || directory.isZero()
                ? ApiError.of(ErrorCode.INVALID_REQUEST, "The request does not name a valid voter")
                : ApiError.NONE;
    }

    private static boolean isMetadata(DescribeQuorumRequest request) {
        if (request.topics().size() != 1) {
            return false;
        }
        DescribeQuorumRequest.TopicData topic = request.topics().get(0);
        return topic.topicName().equals(TOPIC)
                && topic.partitions().size() == 1
                && topic.partitions().get(0).partitionIndex() == 0;
    }

    private static PartitionData state(long nowMs, Situation situation) {
        long end = situation.nextOffset();
        return new PartitionData()
                .setPartitionIndex(0)
                .setErrorMessage(null)
                .setLeaderId(situation.nodeId())
                .setLeaderEpoch(situation.image().epoch())
                .setHighWatermark(end)
                .setCurrentVoters(List.of(new ReplicaState()
                        .setReplicaId(situation.nodeId())
                        .setReplicaDirectoryId(directory(situation))
                        .setLogEndOffset(end)
                        .setLastFetchTimestamp(nowMs)
                        .setLastCaughtUpTimestamp(nowMs)));
    }

    private static Uuid directory(Situation situation) {
        BrokerRegistration own = situation.image().registrations().get(situation.nodeId());
        return own == null || own.logDirs().isEmpty()
                ? Uuid.ZERO
                : own.logDirs().get(0);
    }

    private static Node node(Situation situation) {
        Node node = new Node().setNodeId(situation.nodeId());
        BrokerRegistration own = situation.image().registrations().get(situation.nodeId());
        if (own != null) {
            own.listeners().forEach(listener -> node.listeners()
                    .add(new DescribeQuorumResponse.Listener()
                            .setName(listener.name())
                            .setHost(listener.host())
                            .setPort(listener.port())));
        }
        return node;
    }
}
