package io.sluice.coordinator.share.fetch;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.coordinator.share.partition.AcquiredRange;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.protocol.Records;
import io.sluice.protocol.message.ShareFetchResponse;
import io.sluice.protocol.message.ShareFetchResponse.AcquiredRecords;
import io.sluice.protocol.message.ShareFetchResponse.LeaderIdAndEpoch;
import io.sluice.protocol.message.ShareFetchResponse.NodeEndpoint;
import io.sluice.protocol.message.ShareFetchResponse.PartitionData;
import io.sluice.protocol.message.ShareFetchResponse.ShareFetchableTopicResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the answer to a share fetch together: what became of acknowledgements, and what is given. For one thread. */
final class ShareFetchAnswer {
    private final Leaders leaders;
    private final Map<TopicIdPartition, PartitionData> partitions = new LinkedHashMap<>();

    ShareFetchAnswer(Leaders leaders) {
        this.leaders = leaders;
    }

    void acknowledged(TopicIdPartition partition, ErrorCode error, @Nullable String message) {
        data(partition).setAcknowledgeErrorCode(error.code()).setAcknowledgeErrorMessage(message);
        tellLeader(partition, error);
    }

    /** @param always whether a partition is told of that has nothing to give */
    void give(ShareReading.Given given, boolean always) {
        boolean nothing = given.error().error() == ErrorCode.NONE
                && given.delivery().acquired().isEmpty();
        if (nothing && !always) {
            return;
        }
        SharePartitionKey key = given.key();
        TopicIdPartition partition = RequestedAcknowledgements.key(key.topicId(), key.partition());
        List<AcquiredRecords> acquired =
                new ArrayList<>(given.delivery().acquired().size());
        for (AcquiredRange range : given.delivery().acquired()) {
            acquired.add(new AcquiredRecords()
                    .setFirstOffset(range.firstOffset())
                    .setLastOffset(range.lastOffset())
                    .setDeliveryCount((short) range.deliveryCount()));
        }
        data(partition)
                .setErrorCode(given.error().error().code())
                .setErrorMessage(given.error().message())
                .setRecords(given.delivery().records())
                .setAcquiredRecords(acquired);
        tellLeader(partition, given.error().error());
    }

    private PartitionData data(TopicIdPartition partition) {
        return partitions.computeIfAbsent(
                partition,
                key -> new PartitionData().setPartitionIndex(key.partition()).setRecords(Records.EMPTY));
    }

    private void tellLeader(TopicIdPartition partition, ErrorCode error) {
        PartitionImage known = error == ErrorCode.NOT_LEADER_OR_FOLLOWER
                ? leaders.of(partition.topicId(), partition.partition())
                : null;
        if (known != null) {
            data(partition)
                    .setCurrentLeader(
                            new LeaderIdAndEpoch().setLeaderId(known.leader()).setLeaderEpoch(known.leaderEpoch()));
        }
    }

    ShareFetchResponse response(int lockTimeoutMs) {
        Map<Uuid, ShareFetchableTopicResponse> topics = new LinkedHashMap<>();
        partitions.forEach((partition, data) -> topics.computeIfAbsent(
                        partition.topicId(), id -> new ShareFetchableTopicResponse().setTopicId(id))
                .partitions()
                .add(data));
        List<NodeEndpoint> endpoints = new ArrayList<>();
        for (Leaders.Address address : leaders.addresses()) {
            endpoints.add(new NodeEndpoint()
                    .setNodeId(address.nodeId())
                    .setHost(address.host())
                    .setPort(address.port())
                    .setRack(address.rack()));
        }
        return new ShareFetchResponse()
                .setAcquisitionLockTimeoutMs(lockTimeoutMs)
                .setResponses(new ArrayList<>(topics.values()))
                .setNodeEndpoints(endpoints);
    }
}
