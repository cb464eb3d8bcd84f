package io.sluice.cluster.controller;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.CreateTopicPolicy;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.cluster.api.config.ResolvedConfig;
import io.sluice.cluster.api.image.ImageRecords;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopicConfig;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.sluice.protocol.message.CreateTopicsResponse.CreatableTopicResult;
import io.sluice.protocol.metadata.ConfigRecord;
import io.sluice.protocol.metadata.TopicRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Decides CreateTopics: each topic by itself, all that are allowed in one batch. */
final class TopicCreation {
    /** Kafka's limit of partitions for one request. */
    static final int PARTITIONS_MAX = 10_000;

    private static final String METADATA_TOPIC = "__cluster_metadata";

    private final Situation situation;
    private final NewPartitions partitions;
    private final ConfigCheck configCheck;
    private final List<Message> records = new ArrayList<>();

    private TopicCreation(Situation situation) {
        this.situation = situation;
        this.partitions = new NewPartitions(situation.image());
        this.configCheck = new ConfigCheck(situation);
    }

    static Decision<CreateTopicsResponse> decide(CreateTopicsRequest request, Situation situation) {
        return new TopicCreation(situation).decide(request);
    }

    private Decision<CreateTopicsResponse> decide(CreateTopicsRequest request) {
        CreateTopicsResponse response = new CreateTopicsResponse();
        boolean tooMany = tooMany(request);
        Set<String> duplicates = duplicates(request);
        Set<String> answered = new HashSet<>();
        for (CreatableTopic topic : request.topics()) {
            if (answered.add(topic.name())) {
                response.topics().add(result(topic, tooMany, duplicates.contains(topic.name())));
            }
        }
        return request.validateOnly() ? Decision.unchanged(response) : new Decision<>(records, response);
    }

    private CreatableTopicResult result(CreatableTopic topic, boolean tooMany, boolean duplicate) {
        CreatableTopicResult result = new CreatableTopicResult().setName(topic.name());
        ApiError error;
        if (duplicate) {
            error = ApiError.of(ErrorCode.INVALID_REQUEST, "Duplicate topic name.");
        } else if (tooMany) {
            error = ApiError.of(
                    ErrorCode.POLICY_VIOLATION, "A request may create at most " + PARTITIONS_MAX + " partitions.");
        } else {
            error = create(topic, result);
        }
        return result.setErrorCode(error.code().code()).setErrorMessage(error.message());
    }

    private ApiError create(CreatableTopic topic, CreatableTopicResult result) {
        ApiError error = checkName(topic.name());
        if (error.failed()) {
            return error;
        }
        Map<String, String> configs = new TreeMap<>();
        error = readConfigs(topic, configs);
        if (error.failed()) {
            return error;
        }
        List<PartitionImage> created = new ArrayList<>();
        error = topic.assignments().isEmpty() ? place(topic, created) : placeManually(topic, created);
        if (error.failed()) {
            return error;
        }
        error = situation.policies().create(request(topic, configs, created));
        if (error.failed()) {
            return error;
        }
        Uuid id = newId();
        record(topic.name(), id, configs, created);
        describe(result, id, configs, created);
        return ApiError.NONE;
    }

    private static CreateTopicPolicy.Request request(
            CreatableTopic topic, Map<String, String> configs, List<PartitionImage> created) {
        Map<String, String> given = Collections.unmodifiableMap(configs);
        if (topic.assignments().isEmpty()) {
            short replicas = (short) created.get(0).replicas().size();
            return new CreateTopicPolicy.Request(topic.name(), created.size(), replicas, null, given);
        }
        Map<Integer, List<Integer>> assignments = new TreeMap<>();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            assignments.put(assignment.partitionIndex(), List.copyOf(assignment.brokerIds()));
        }
        return new CreateTopicPolicy.Request(topic.name(), null, null, Collections.unmodifiableMap(assignments), given);
    }

    /** An id that no topic has, even where randomness repeats itself. */
    private Uuid newId() {
        Uuid id = Uuid.random(situation.random());
        while (situation.image().topic(id) != null) {
            id = Uuid.random(situation.random());
        }
        return id;
    }

    private ApiError checkName(String name) {
        if (name.equals(METADATA_TOPIC)) {
            return ApiError.of(
                    ErrorCode.INVALID_REQUEST, "Creation of internal topic " + METADATA_TOPIC + " is prohibited.");
        }
        String problem = TopicNames.problem(name);
        if (problem != null) {
            return ApiError.of(ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
        }
        if (situation.image().topic(name) != null) {
            return ApiError.of(ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists.");
        }
        String other = situation.image().topicLike(name);
        return other == null
                ? ApiError.NONE
                : ApiError.of(
                        ErrorCode.INVALID_TOPIC_EXCEPTION,
                        "Topic '" + name + "' collides with existing topic: " + other);
    }

    private ApiError readConfigs(CreatableTopic topic, Map<String, String> configs) {
        List<String> nulls = new ArrayList<>();
        for (CreatableTopicConfig config : topic.configs()) {
            String value = config.value();
            if (value == null) {
                nulls.add(config.name());
            } else {
                configs.put(config.name(), value);
            }
        }
        if (!nulls.isEmpty()) {
            return ApiError.of(
                    ErrorCode.INVALID_CONFIG, "Null value not supported for topic configs: " + String.join(",", nulls));
        }
        ApiError error = configCheck.topic(configs);
        return error.failed() || configs.isEmpty()
                ? error
                : situation
                        .policies()
                        .alter(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
                                Collections.unmodifiableMap(configs));
    }

    private ApiError place(CreatableTopic topic, List<PartitionImage> created) {
        if (topic.replicationFactor() < -1 || topic.replicationFactor() == 0) {
            return ApiError.of(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (topic.numPartitions() < -1 || topic.numPartitions() == 0) {
            return ApiError.of(
                    ErrorCode.INVALID_PARTITIONS, "Number of partitions was set to an invalid non-positive value.");
        }
        int replicationFactor = topic.replicationFactor() == -1
                ? Integer.parseInt(situation.broker("default.replication.factor"))
                : topic.replicationFactor();
        ReplicaPlacement placement = new ReplicaPlacement(situation.image(), situation.random());
        ApiError error = placement.check(replicationFactor);
        if (error.failed()) {
            return error;
        }
        int count = partitionCount(topic);
        for (int number = 0; number < count; number++) {
            created.add(partitions.create(number, placement.place(replicationFactor)));
        }
        return ApiError.NONE;
    }

    private ApiError placeManually(CreatableTopic topic, List<PartitionImage> created) {
        if (topic.replicationFactor() != -1) {
            return ApiError.of(
                    ErrorCode.INVALID_REQUEST,
                    "A manual partition assignment was specified, but replication factor was not set to -1.");
        }
        if (topic.numPartitions() != -1) {
            return ApiError.of(
                    ErrorCode.INVALID_REQUEST,
                    "A manual partition assignment was specified, but numPartitions was not set to -1.");
        }
        Map<Integer, PartitionImage> byNumber = new TreeMap<>();
        int replicationFactor = 0;
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            int number = assignment.partitionIndex();
            ApiError error = partitions.checkManual(assignment.brokerIds(), replicationFactor);
            if (error.failed()) {
                return error;
            }
            replicationFactor = assignment.brokerIds().size();
            PartitionImage partition = partitions.create(number, assignment.brokerIds());
            if (partition.leader() < 0) {
                return ApiError.of(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "All brokers specified in the manual partition assignment for partition " + number
                                + " are fenced or in controlled shutdown.");
            }
            if (byNumber.put(number, partition) != null) {
                return ApiError.of(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "Found multiple manual partition assignments for partition " + number);
            }
        }
        for (PartitionImage partition : byNumber.values()) {
            if (partition.partition() != created.size()) {
                return ApiError.of(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "partitions should be a consecutive 0-based integer sequence");
            }
            created.add(partition);
        }
        return ApiError.NONE;
    }

    private void record(String name, Uuid id, Map<String, String> configs, List<PartitionImage> created) {
        records.add(new TopicRecord().setName(name).setTopicId(id));
        configs.forEach((key, value) -> records.add(new ConfigRecord()
                .setResourceType(ConfigResource.Type.TOPIC.code())
                .setResourceName(name)
                .setName(key)
                .setValue(value)));
        created.forEach(partition -> records.add(ImageRecords.partition(id, partition)));
    }

    private void describe(
            CreatableTopicResult result, Uuid id, Map<String, String> configs, List<PartitionImage> created) {
        List<CreatableTopicConfigs> described = new ArrayList<>();
        for (ResolvedConfig config : situation.configs().describeTopicWith(configs)) {
            described.add(new CreatableTopicConfigs()
                    .setName(config.name())
                    .setValue(config.value())
                    .setReadOnly(config.readOnly())
                    .setConfigSource(config.source().code())
                    .setIsSensitive(config.sensitive()));
        }
        result.setTopicId(id)
                .setNumPartitions(created.size())
                .setReplicationFactor((short) created.get(0).replicas().size())
                .setConfigs(described);
    }

    private int partitionCount(CreatableTopic topic) {
        return topic.numPartitions() == -1
                ? Integer.parseInt(situation.broker("num.partitions"))
                : topic.numPartitions();
    }

    private boolean tooMany(CreateTopicsRequest request) {
        long count = 0;
        for (CreatableTopic topic : request.topics()) {
            count += topic.assignments().isEmpty()
                    ? Math.max(0, partitionCount(topic))
                    : topic.assignments().size();
        }
        return count > PARTITIONS_MAX;
    }

    private static Set<String> duplicates(CreateTopicsRequest request) {
        Set<String> seen = new HashSet<>();
        Set<String> duplicates = new HashSet<>();
        for (CreatableTopic topic : request.topics()) {
            if (!seen.add(topic.name())) {
                duplicates.add(topic.name());
            }
        }
        return duplicates;
    }
}
