package io.sluice.broker.kernel;

import static io.sluice.broker.kernel.ErrorAnswers.CLOSE;
import static io.sluice.broker.kernel.ErrorAnswers.each;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.AlterPartitionReassignmentsResponse;
import io.sluice.protocol.message.AlterReplicaLogDirsRequest;
import io.sluice.protocol.message.AlterReplicaLogDirsResponse;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsResponse;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsResponse;
import io.sluice.protocol.message.DeleteTopicsRequest;
import io.sluice.protocol.message.DeleteTopicsResponse;
import io.sluice.protocol.message.DescribeLogDirsResponse;
import io.sluice.protocol.message.ElectLeadersResponse;
import io.sluice.protocol.message.ListPartitionReassignmentsResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The errors of APIs that administer topics: those that change them are asked again of the controller. Metadata is not
 * here: an answer to a question for all topics would say that there are none.
 */
final class TopicErrorAnswers {
    private TopicErrorAnswers() {}

    static void addTo(ErrorAnswers all) {
        ErrorCode error = ErrorCode.NOT_CONTROLLER;
        all.put(ApiKey.CREATE_TOPICS, error, (request, code) -> create(request.read(new CreateTopicsRequest()), code));
        all.put(ApiKey.DELETE_TOPICS, error, (request, code) -> delete(request.read(new DeleteTopicsRequest()), code));
        all.put(
                ApiKey.CREATE_PARTITIONS,
                error,
                (request, code) -> partitions(request.read(new CreatePartitionsRequest()), code));
        all.put(
                ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                error,
                (request, code) -> new AlterPartitionReassignmentsResponse()
                        .setErrorCode(code)
                        .setErrorMessage(null));
        all.put(ApiKey.LIST_PARTITION_REASSIGNMENTS, error, (request, code) -> new ListPartitionReassignmentsResponse()
                .setErrorCode(code)
                .setErrorMessage(null));
        all.put(ApiKey.ELECT_LEADERS, CLOSE, (request, code) -> electLeaders(request.version(), code));
        all.put(ApiKey.DESCRIBE_LOG_DIRS, CLOSE, (request, code) -> logDirs(request.version(), code));
        all.put(
                ApiKey.ALTER_REPLICA_LOG_DIRS,
                CLOSE,
                (request, code) -> move(request.read(new AlterReplicaLogDirsRequest()), code));
    }

    private static CreateTopicsResponse create(CreateTopicsRequest asked, short code) {
        return new CreateTopicsResponse()
                .setTopics(each(asked.topics(), topic -> new CreateTopicsResponse.CreatableTopicResult()
                        .setName(topic.name())
                        .setErrorCode(code)
                        .setErrorMessage(null)));
    }

    private static DeleteTopicsResponse delete(DeleteTopicsRequest asked, short code) {
        List<DeleteTopicsResponse.DeletableTopicResult> results =
                each(asked.topicNames(), name -> new DeleteTopicsResponse.DeletableTopicResult()
                        .setName(name)
                        .setErrorCode(code));
        results.addAll(each(asked.topics(), topic -> new DeleteTopicsResponse.DeletableTopicResult()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setErrorCode(code)));
        return new DeleteTopicsResponse().setResponses(results);
    }

    private static CreatePartitionsResponse partitions(CreatePartitionsRequest asked, short code) {
        return new CreatePartitionsResponse()
                .setResults(each(asked.topics(), topic -> new CreatePartitionsResponse.CreatePartitionsTopicResult()
                        .setName(topic.name())
                        .setErrorCode(code)));
    }

    private static @Nullable ElectLeadersResponse electLeaders(short version, short code) {
        return version < 1 ? null : new ElectLeadersResponse().setErrorCode(code);
    }

    private static @Nullable DescribeLogDirsResponse logDirs(short version, short code) {
        return version < 3 ? null : new DescribeLogDirsResponse().setErrorCode(code);
    }

    private static AlterReplicaLogDirsResponse move(AlterReplicaLogDirsRequest asked, short code) {
        List<AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult> results = new ArrayList<>();
        for (AlterReplicaLogDirsRequest.AlterReplicaLogDir dir : asked.dirs()) {
            results.addAll(each(dir.topics(), topic -> new AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult()
                    .setTopicName(topic.name())
                    .setPartitions(each(
                            topic.partitions(),
                            partition -> new AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult()
                                    .setPartitionIndex(partition)
                                    .setErrorCode(code)))));
        }
        return new AlterReplicaLogDirsResponse().setResults(results);
    }
}
