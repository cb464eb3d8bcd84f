package io.sluice.handlers.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.FutureReplica;
import io.sluice.broker.api.ReplicaDirectories;
import io.sluice.protocol.message.AlterReplicaLogDirsRequest;
import io.sluice.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDir;
import io.sluice.protocol.message.AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic;
import io.sluice.protocol.message.AlterReplicaLogDirsResponse;
import io.sluice.protocol.message.CreatePartitionsRequest;
import io.sluice.protocol.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.sluice.protocol.message.CreatePartitionsResponse;
import io.sluice.protocol.message.DeleteRecordsRequest;
import io.sluice.protocol.message.DeleteRecordsRequest.DeleteRecordsPartition;
import io.sluice.protocol.message.DeleteRecordsRequest.DeleteRecordsTopic;
import io.sluice.protocol.message.DeleteRecordsResponse;
import io.sluice.protocol.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import io.sluice.protocol.message.DescribeLogDirsRequest;
import io.sluice.protocol.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.sluice.protocol.message.DescribeLogDirsResponse;
import io.sluice.protocol.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.sluice.protocol.message.DescribeLogDirsResponse.DescribeLogDirsTopic;
import io.sluice.protocol.message.ListPartitionReassignmentsRequest;
import io.sluice.protocol.message.ListPartitionReassignmentsResponse;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.MemoryPartitions;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Resource;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionHandlersTest {
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryController controller = new MemoryController(metadata);
    private final MemoryPartitions partitions = new MemoryPartitions();

    private static CreatePartitionsRequest widen(String... names) {
        CreatePartitionsRequest request = new CreatePartitionsRequest();
        for (String name : names) {
            request.topics()
                    .add(new CreatePartitionsTopic().setName(name).setCount(4).setAssignments(null));
        }
        return request;
    }

    @Test
    void shouldForwardOnlyTopicsThatAreGivenOnceAndMayBeAltered() {
        RecordingRequest request = RecordingRequest.of(3, widen("a", "b", "b", "c"))
                .allowing((operation, resource) -> !resource.equals(Resource.topic("c")));

        new CreatePartitionsHandler(controller).handle(request);

        CreatePartitionsResponse response = request.response(CreatePartitionsResponse.class);
        assertThat(response.results())
                .extracting(result -> result.name() + " " + ErrorCode.of(result.errorCode()))
                .containsExactlyInAnyOrder("a NONE", "b INVALID_REQUEST", "c TOPIC_AUTHORIZATION_FAILED");
        CreatePartitionsRequest forwarded =
                (CreatePartitionsRequest) controller.requests().get(0);
        assertThat(forwarded.topics()).hasSize(1);
        assertThat(forwarded.topics().get(0).count()).isEqualTo(4);
    }

    private static DeleteRecordsTopic before(String topic, int partition, long offset) {
        DeleteRecordsTopic asked = new DeleteRecordsTopic().setName(topic);
        asked.partitions()
                .add(new DeleteRecordsPartition().setPartitionIndex(partition).setOffset(offset));
        return asked;
    }

    @Test
    void shouldDeleteRecordsOfThosePartitionsThatAreThere() {
        metadata.topic("t", 1);
        metadata.topic("__consumer_offsets", 1);
        metadata.topic("secret", 1);
        partitions.partition("t", 0, 0L, 10L, 10L);
        DeleteRecordsRequest asked = new DeleteRecordsRequest()
                .setTopics(List.of(
                        before("t", 0, 4L),
                        before("t", 0, 99L),
                        before("t", 1, 1L),
                        before("nope", 0, 1L),
                        before("__consumer_offsets", 0, 1L),
                        before("secret", 0, 1L)));
        for (int version = 0; version <= 2; version++) {
            RecordingRequest request = RecordingRequest.of(version, asked)
                    .allowing((operation, resource) -> !resource.equals(Resource.topic("secret")));

            new DeleteRecordsHandler(partitions, metadata).handle(request);

            List<DeleteRecordsPartitionResult> results = request.response(DeleteRecordsResponse.class).topics().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .toList();
            assertThat(results)
                    .extracting(result -> ErrorCode.of(result.errorCode()))
                    .containsExactly(
                            ErrorCode.NONE,
                            ErrorCode.OFFSET_OUT_OF_RANGE,
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            ErrorCode.INVALID_TOPIC_EXCEPTION,
                            ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            assertThat(results)
                    .extracting(DeleteRecordsPartitionResult::lowWatermark)
                    .containsExactly(4L, -1L, -1L, -1L, -1L, -1L);
        }
    }

    /** One future replica, and an answer to every move that names its directory. */
    private static final class NothingMoves implements ReplicaDirectories {
        @Override
        public ErrorCode move(TopicPartition partition, Path directory) {
            return directory.equals(MemoryPartitions.DIRECTORY) ? ErrorCode.NONE : ErrorCode.LOG_DIR_NOT_FOUND;
        }

        @Override
        public List<FutureReplica> moving() {
            return List.of(new FutureReplica(new TopicPartition("moving", 3), MemoryPartitions.DIRECTORY, 11L, 2L));
        }
    }

    @Test
    void shouldAnswerForEachReplicaThatIsToMove() {
        for (int version = 1; version <= 2; version++) {
            AlterReplicaLogDirsRequest asked = new AlterReplicaLogDirsRequest()
                    .setDirs(List.of(
                            directory(MemoryPartitions.DIRECTORY.toString(), 0, 1),
                            directory("/elsewhere", 2),
                            directory("relative", 3)));
            RecordingRequest request = RecordingRequest.of(version, asked);
            new AlterReplicaLogDirsHandler(new NothingMoves()).handle(request);
            assertThat(request.response(AlterReplicaLogDirsResponse.class).results())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.partitions())
                            .extracting(result -> ErrorCode.of(result.errorCode()))
                            .containsExactly(
                                    ErrorCode.NONE,
                                    ErrorCode.NONE,
                                    ErrorCode.LOG_DIR_NOT_FOUND,
                                    ErrorCode.LOG_DIR_NOT_FOUND));
            RecordingRequest refused = RecordingRequest.of(version, asked).allowing((operation, resource) -> false);
            new AlterReplicaLogDirsHandler(new NothingMoves()).handle(refused);
            assertThat(refused.response(AlterReplicaLogDirsResponse.class)
                            .results()
                            .get(0)
                            .partitions())
                    .allMatch(result -> result.errorCode() == ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
        }
    }

    private static AlterReplicaLogDir directory(String path, Integer... partitions) {
        return new AlterReplicaLogDir()
                .setPath(path)
                .setTopics(List.of(new AlterReplicaLogDirTopic().setName("a").setPartitions(List.of(partitions))));
    }

    private DescribeLogDirsResponse describe(RecordingRequest request) {
        new DescribeLogDirsHandler(partitions, new NothingMoves()).handle(request);
        return request.response(DescribeLogDirsResponse.class);
    }

    @Test
    void shouldDescribeDirectoriesInEveryVersion() {
        partitions.partition("a", 0, 0L, 5L, 5L).partition("a", 1, 0L, 7L, 7L).partition("b", 0, 0L, 0L, 0L);
        for (int version = 1; version <= 5; version++) {
            DescribeLogDirsResponse response =
                    describe(RecordingRequest.of(version, new DescribeLogDirsRequest().setTopics(null)));

            assertThat(response.results()).hasSize(1);
            DescribeLogDirsResult directory = response.results().get(0);
            assertThat(directory.logDir()).isEqualTo(MemoryPartitions.DIRECTORY.toString());
            assertThat(directory.topics())
                    .extracting(DescribeLogDirsTopic::name)
                    .containsExactly("a", "b", "moving");
            assertThat(directory.topics().get(0).partitions().get(1).partitionSize())
                    .isEqualTo(700L);
            assertThat(directory.topics().get(0).partitions().get(1).offsetLag())
                    .isZero();
            assertThat(directory.topics().get(2).partitions().get(0))
                    .matches(future ->
                            future.isFutureKey() && future.offsetLag() == 2L && future.partitionSize() == 11L);
            assertThat(directory.totalBytes()).isEqualTo(version >= 4 ? 1_000_000L : -1L);
            assertThat(directory.usableBytes()).isEqualTo(version >= 4 ? 400_000L : -1L);
        }
    }

    @Test
    void shouldDescribeOnlyThePartitionsThatAreAskedFor() {
        partitions.partition("a", 0, 0L, 5L, 5L).partition("a", 1, 0L, 7L, 7L).partition("b", 0, 0L, 0L, 0L);
        DescribableLogDirTopic wanted =
                new DescribableLogDirTopic().setTopic("a").setPartitions(List.of(1, 9));

        DescribeLogDirsResponse response =
                describe(RecordingRequest.of(5, new DescribeLogDirsRequest().setTopics(List.of(wanted))));

        assertThat(response.results().get(0).topics()).hasSize(1);
        assertThat(response.results().get(0).topics().get(0).partitions()).hasSize(1);
    }

    @Test
    void shouldDescribeNothingToThoseWhoMayNot() {
        DescribeLogDirsResponse response =
                describe(RecordingRequest.of(5, new DescribeLogDirsRequest()).allowing((operation, resource) -> false));

        assertThat(response.errorCode()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
        assertThat(response.results()).isEmpty();
    }

    @Test
    void shouldListNoReassignments() {
        RecordingRequest allowed = RecordingRequest.of(0, new ListPartitionReassignmentsRequest());
        RecordingRequest refused = RecordingRequest.of(0, new ListPartitionReassignmentsRequest())
                .allowing((operation, resource) -> false);

        new ListPartitionReassignmentsHandler().handle(allowed);
        new ListPartitionReassignmentsHandler().handle(refused);

        ListPartitionReassignmentsResponse none = allowed.response(ListPartitionReassignmentsResponse.class);
        assertThat(none.errorCode()).isZero();
        assertThat(none.topics()).isEmpty();
        assertThat(refused.response(ListPartitionReassignmentsResponse.class).errorCode())
                .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
    }
}
