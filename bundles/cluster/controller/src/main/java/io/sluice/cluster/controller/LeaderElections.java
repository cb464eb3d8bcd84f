package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.cluster.api.image.BrokerRegistration;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.ElectLeadersRequest;
import io.sluice.protocol.message.ElectLeadersRequest.TopicPartitions;
import io.sluice.protocol.message.ElectLeadersResponse;
import io.sluice.protocol.message.ElectLeadersResponse.PartitionResult;
import io.sluice.protocol.message.ElectLeadersResponse.ReplicaElectionResult;
import io.sluice.protocol.metadata.PartitionChangeRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides ElectLeaders (KIP-183, KIP-460). Preferred: the first replica leads, if it is in sync. Unclean: a partition that nobody leads
 * is led by a replica that is there, in sync or not. Without a list of partitions all are meant, and those that need no election are
 * left out of the answer.
 */
final class LeaderElections {
    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    private final Situation situation;
    private final boolean unclean;
    private final List<Message> records = new ArrayList<>();

    private LeaderElections(Situation situation, boolean unclean) {
        this.situation = situation;
        this.unclean = unclean;
    }

    static Decision<ElectLeadersResponse> decide(ElectLeadersRequest request, Situation situation) {
        if (request.electionType() != PREFERRED && request.electionType() != UNCLEAN) {
            return Decision.unchanged(new ElectLeadersResponse().setErrorCode(ErrorCode.INVALID_REQUEST.code()));
        }
        return new LeaderElections(situation, request.electionType() == UNCLEAN).decide(request.topicPartitions());
    }

    private Decision<ElectLeadersResponse> decide(@Nullable List<TopicPartitions> wanted) {
        ElectLeadersResponse response = new ElectLeadersResponse();
        if (wanted == null) {
            situation.image().topics().stream()
                    .sorted(Comparator.comparing(TopicImage::name))
                    .forEach(topic -> response.replicaElectionResults().add(electAll(topic)));
        } else {
            for (TopicPartitions topic : wanted) {
                ReplicaElectionResult result = new ReplicaElectionResult().setTopic(topic.topic());
                for (Integer partition : topic.partitions()) {
                    result.partitionResult().add(result(partition, elect(topic.topic(), partition)));
                }
                response.replicaElectionResults().add(result);
            }
        }
        return new Decision<>(records, response);
    }

    private ReplicaElectionResult electAll(TopicImage topic) {
        ReplicaElectionResult result = new ReplicaElectionResult().setTopic(topic.name());
        for (PartitionImage partition : topic.partitions()) {
            ApiError error = elect(topic, partition);
            if (error.code() != ErrorCode.ELECTION_NOT_NEEDED) {
                result.partitionResult().add(result(partition.partition(), error));
            }
        }
        return result;
    }

    private ApiError elect(String name, int number) {
        TopicImage topic = situation.image().topic(name);
        if (topic == null) {
            return ApiError.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "No such topic as " + name);
        }
        if (number < 0 || number >= topic.partitions().size()) {
            return ApiError.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "No such partition as " + name + "-" + number);
        }
        return elect(topic, topic.partitions().get(number));
    }

    private ApiError elect(TopicImage topic, PartitionImage partition) {
        int preferred = partition.replicas().get(0);
        if (unclean ? partition.leader() >= 0 : partition.leader() == preferred) {
            return new ApiError(ErrorCode.ELECTION_NOT_NEEDED, null);
        }
        if (!unclean) {
            return partition.inSyncReplicas().contains(preferred) && isThere(preferred)
                    ? lead(topic, partition, preferred, false)
                    : new ApiError(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE, null);
        }
        for (Integer replica : partition.replicas()) {
            if (partition.inSyncReplicas().contains(replica) && isThere(replica)) {
                return lead(topic, partition, replica, false);
            }
        }
        for (Integer replica : partition.replicas()) {
            if (isThere(replica)) {
                return lead(topic, partition, replica, true);
            }
        }
        return new ApiError(ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE, null);
    }

    /** @param alone whether nobody else can be in sync with what the new leader has */
    private ApiError lead(TopicImage topic, PartitionImage partition, int leader, boolean alone) {
        PartitionChangeRecord record = new PartitionChangeRecord()
                .setTopicId(topic.id())
                .setPartitionId(partition.partition())
                .setLeader(leader);
        records.add(alone ? record.setIsr(List.of(leader)) : record);
        return ApiError.NONE;
    }

    private boolean isThere(int broker) {
        BrokerRegistration registration = situation.image().registrations().get(broker);
        return registration != null && !registration.fenced() && !registration.inControlledShutdown();
    }

    private static PartitionResult result(int partition, ApiError error) {
        return new PartitionResult()
                .setPartitionId(partition)
                .setErrorCode(error.code().code())
                .setErrorMessage(error.message());
    }
}
