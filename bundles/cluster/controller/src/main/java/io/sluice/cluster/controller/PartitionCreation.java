package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.TopicImage;
import io.sluice.cluster.api.image.ImageRecords;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.sluice.protocol.message.CreatePartitionsResponse;
import io.sluice.protocol.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Decides CreatePartitions: more partitions for topics that exist. */
final class PartitionCreation {
    private final Situation situation;
    private final NewPartitions partitions;
    private final List<Message> records = new ArrayList<>();

    private PartitionCreation(Situation situation) {
        this.situation = situation;
        this.partitions = new NewPartitions(situation.image());
    }

    static Decision<CreatePartitionsResponse> decide(CreatePartitionsRequest request, Situation situation) {
        return new PartitionCreation(situation).decide(request);
    }

    private Decision<CreatePartitionsResponse> decide(CreatePartitionsRequest request) {
        CreatePartitionsResponse response = new CreatePartitionsResponse();
        Map<String, Integer> mentions = new HashMap<>();
        request.topics().forEach(topic -> mentions.merge(topic.name(), 1, Integer::sum));
        Set<String> answered = new HashSet<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            if (answered.add(topic.name())) {
                ApiError error = mentions.getOrDefault(topic.name(), 0) > 1
                        ? ApiError.of(ErrorCode.INVALID_REQUEST, "Duplicate topic name.")
                        : grow(topic);
                response.results()
                        .add(new CreatePartitionsTopicResult()
                                .setName(topic.name())
                                .setErrorCode(error.code().code())
                                .setErrorMessage(error.message()));
            }
        }
        return request.validateOnly() ? Decision.unchanged(response) : new Decision<>(records, response);
    }

    private ApiError grow(CreatePartitionsTopic wanted) {
        TopicImage topic = situation.image().topic(wanted.name());
        if (topic == null) {
            return ApiError.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
        }
        int present = topic.partitions().size();
        if (wanted.count() == present) {
            return ApiError.of(ErrorCode.INVALID_PARTITIONS, "Topic already has " + present + " partition(s).");
        }
        if (wanted.count() < present) {
            return ApiError.of(
                    ErrorCode.INVALID_PARTITIONS,
                    "The topic " + wanted.name() + " currently has " + present + " partition(s); " + wanted.count()
                            + " would not be an increase.");
        }
        int additional = wanted.count() - present;
        if (records.size() + (long) additional > TopicCreation.PARTITIONS_MAX) {
            return ApiError.of(
                    ErrorCode.POLICY_VIOLATION,
                    "A request may create at most " + TopicCreation.PARTITIONS_MAX + " partitions.");
        }
        int replicationFactor = topic.partitions().get(0).replicas().size();
        List<PartitionImage> created = new ArrayList<>(additional);
        List<CreatePartitionsAssignment> assignments = wanted.assignments();
        ApiError error = assignments == null
                ? place(present, additional, replicationFactor, created)
                : placeManually(assignments, present, additional, replicationFactor, created);
        if (!error.failed()) {
            created.forEach(partition -> records.add(ImageRecords.partition(topic.id(), partition)));
        }
        return error;
    }

    private ApiError place(int first, int count, int replicationFactor, List<PartitionImage> created) {
        ReplicaPlacement placement = new ReplicaPlacement(situation.image(), situation.random());
        ApiError error = placement.check(replicationFactor);
        if (!error.failed()) {
            for (int number = first; number < first + count; number++) {
                created.add(partitions.create(number, placement.place(replicationFactor)));
            }
        }
        return error;
    }

    private ApiError placeManually(
            List<CreatePartitionsAssignment> assignments,
            int first,
            int count,
            int replicationFactor,
            List<PartitionImage> created) {
        if (assignments.size() != count) {
            return ApiError.of(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "Attempted to add " + count + " additional partition(s), but only " + assignments.size()
                            + " assignment(s) were specified.");
        }
        for (CreatePartitionsAssignment assignment : assignments) {
            ApiError error = partitions.checkManual(assignment.brokerIds(), replicationFactor);
            if (error.failed()) {
                return error;
            }
            PartitionImage partition = partitions.create(first + created.size(), assignment.brokerIds());
            if (partition.leader() < 0) {
                return ApiError.of(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "All brokers specified in the manual partition assignment for partition "
                                + partition.partition() + " are fenced or in controlled shutdown.");
            }
            created.add(partition);
        }
        return ApiError.NONE;
    }
}
