package io.sluice.handlers.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.AddRaftVoterRequest;
import io.sluice.protocol.message.AddRaftVoterResponse;
import io.sluice.protocol.message.AlterPartitionReassignmentsRequest;
import io.sluice.protocol.message.AlterPartitionReassignmentsRequest.ReassignablePartition;
import io.sluice.protocol.message.AlterPartitionReassignmentsRequest.ReassignableTopic;
import io.sluice.protocol.message.AlterPartitionReassignmentsResponse;
import io.sluice.protocol.message.DescribeQuorumRequest;
import io.sluice.protocol.message.DescribeQuorumResponse;
import io.sluice.protocol.message.ElectLeadersRequest;
import io.sluice.protocol.message.ElectLeadersRequest.TopicPartitions;
import io.sluice.protocol.message.ElectLeadersResponse;
import io.sluice.protocol.message.ListConfigResourcesRequest;
import io.sluice.protocol.message.ListConfigResourcesResponse;
import io.sluice.protocol.message.RemoveRaftVoterRequest;
import io.sluice.protocol.message.RemoveRaftVoterResponse;
import io.sluice.protocol.message.UnregisterBrokerRequest;
import io.sluice.protocol.message.UnregisterBrokerResponse;
import io.sluice.protocol.message.UnregisterControllerRequest;
import io.sluice.protocol.message.UnregisterControllerResponse;
import io.sluice.protocol.message.UpdateFeaturesRequest;
import io.sluice.protocol.message.UpdateFeaturesResponse;
import io.sluice.request.api.ApiHandler;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes to the controller, and what can be configured. */
class ClusterHandlersTest {
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryController controller = new MemoryController(metadata);

    /** Answered in every version; refused, with the error of the whole; and with the controller's failure. */
    private <R extends Message> void check(
            ApiHandler handler, Message asked, Operation needed, Class<R> type, Function<R, Short> error) {
        for (int version = handler.lowestVersion(); version <= handler.highestVersion(); version++) {
            RecordingRequest allowed = RecordingRequest.of(version, asked)
                    .allowing((operation, resource) -> operation == needed && resource.equals(Resource.CLUSTER));
            handler.handle(allowed);
            assertThat(error.apply(allowed.response(type))).isZero();

            RecordingRequest refused =
                    RecordingRequest.of(version, asked).allowing((operation, resource) -> operation != needed);
            handler.handle(refused);
            assertThat(ErrorCode.of(error.apply(refused.response(type))))
                    .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        }
        assertThat(controller.requests())
                .hasSize(handler.highestVersion() - handler.lowestVersion() + 1)
                .allSatisfy(request -> assertThat(request).isInstanceOf(asked.getClass()));
        controller.fail();
        RecordingRequest failed = RecordingRequest.of(handler.highestVersion(), asked);
        handler.handle(failed);
        assertThat(ErrorCode.of(error.apply(failed.response(type)))).isEqualTo(ErrorCode.NOT_CONTROLLER);
    }

    @Test
    void shouldForwardUpdatesOfFeatures() {
        UpdateFeaturesRequest asked = new UpdateFeaturesRequest()
                .setFeatureUpdates(List.of(new UpdateFeaturesRequest.FeatureUpdateKey()
                        .setFeature("group.version")
                        .setMaxVersionLevel((short) 1)));
        check(
                new UpdateFeaturesHandler(controller),
                asked,
                Operation.ALTER,
                UpdateFeaturesResponse.class,
                UpdateFeaturesResponse::errorCode);
    }

    @Test
    void shouldForwardThatABrokerIsGone() {
        check(
                new UnregisterBrokerHandler(controller),
                new UnregisterBrokerRequest().setBrokerId(3),
                Operation.ALTER,
                UnregisterBrokerResponse.class,
                UnregisterBrokerResponse::errorCode);
    }

    @Test
    void shouldForwardThatAControllerIsGone() {
        check(
                new UnregisterControllerHandler(controller),
                new UnregisterControllerRequest().setControllerId(3),
                Operation.ALTER,
                UnregisterControllerResponse.class,
                UnregisterControllerResponse::errorCode);
    }

    @Test
    void shouldForwardThatAVoterComes() {
        check(
                new AddRaftVoterHandler(controller),
                new AddRaftVoterRequest().setVoterId(3).setVoterDirectoryId(new Uuid(1, 1)),
                Operation.ALTER,
                AddRaftVoterResponse.class,
                AddRaftVoterResponse::errorCode);
    }

    @Test
    void shouldForwardThatAVoterGoes() {
        check(
                new RemoveRaftVoterHandler(controller),
                new RemoveRaftVoterRequest().setVoterId(3).setVoterDirectoryId(new Uuid(1, 1)),
                Operation.ALTER,
                RemoveRaftVoterResponse.class,
                RemoveRaftVoterResponse::errorCode);
    }

    @Test
    void shouldDescribeTheQuorumInEveryVersion() {
        check(
                new DescribeQuorumHandler(controller),
                new DescribeQuorumRequest(),
                Operation.DESCRIBE,
                DescribeQuorumResponse.class,
                DescribeQuorumResponse::errorCode);
    }

    @Test
    void shouldForwardElectionsInEveryVersion() {
        ElectLeadersRequest asked = new ElectLeadersRequest()
                .setTopicPartitions(List.of(new TopicPartitions().setTopic("t").setPartitions(List.of(0, 1))));
        ElectLeadersHandler handler = new ElectLeadersHandler(controller);
        for (int version = 0; version <= 2; version++) {
            RecordingRequest refused = RecordingRequest.of(version, asked).allowing((operation, resource) -> false);
            handler.handle(refused);
            ElectLeadersResponse answer = refused.response(ElectLeadersResponse.class);
            assertThat(ErrorCode.of(answer.errorCode()))
                    .isEqualTo(version == 0 ? ErrorCode.NONE : ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
            assertThat(answer.replicaElectionResults().get(0).partitionResult())
                    .extracting(result -> ErrorCode.of(result.errorCode()))
                    .containsExactly(ErrorCode.CLUSTER_AUTHORIZATION_FAILED, ErrorCode.CLUSTER_AUTHORIZATION_FAILED);

            RecordingRequest allowed = RecordingRequest.of(version, asked);
            handler.handle(allowed);
            assertThat(allowed.response(ElectLeadersResponse.class).errorCode()).isZero();
        }
        controller.fail();
        RecordingRequest failed = RecordingRequest.of(2, new ElectLeadersRequest().setTopicPartitions(null));
        handler.handle(failed);
        assertThat(ErrorCode.of(failed.response(ElectLeadersResponse.class).errorCode()))
                .isEqualTo(ErrorCode.NOT_CONTROLLER);
    }

    @ParameterizedTest
    @CsvSource({
        "t, 0, 1, true, NONE",
        "t, 0, , true, NO_REASSIGNMENT_IN_PROGRESS",
        "t, 0, '', true, INVALID_REPLICA_ASSIGNMENT",
        "t, 0, 1 1, true, INVALID_REPLICA_ASSIGNMENT",
        "t, 0, 9, true, INVALID_REPLICA_ASSIGNMENT",
        "t, 0, 1 2, true, INVALID_REPLICA_ASSIGNMENT",
        "t, 0, 1 2, false, INVALID_REPLICATION_FACTOR",
        "t, 1, 1, true, UNKNOWN_TOPIC_OR_PARTITION",
        "no, 0, 1, true, UNKNOWN_TOPIC_OR_PARTITION"
    })
    void shouldReassignNothingButToWhereItIs(
            String topic, int partition, @Nullable String replicas, boolean mayResize, ErrorCode expected) {
        metadata.topic("t", 1);
        metadata.broker(2, false, null);
        List<Integer> brokers = replicas == null ? null : new ArrayList<>();
        if (brokers != null && !replicas.isEmpty()) {
            for (String replica : replicas.split(" ")) {
                brokers.add(Integer.valueOf(replica));
            }
        }
        ReassignableTopic reassigned = new ReassignableTopic().setName(topic);
        reassigned
                .partitions()
                .add(new ReassignablePartition().setPartitionIndex(partition).setReplicas(brokers));
        RecordingRequest request = RecordingRequest.of(
                1,
                new AlterPartitionReassignmentsRequest()
                        .setAllowReplicationFactorChange(mayResize)
                        .setTopics(List.of(reassigned)));
        new AlterPartitionReassignmentsHandler(metadata).handle(request);

        AlterPartitionReassignmentsResponse answer = request.response(AlterPartitionReassignmentsResponse.class);
        assertThat(answer.allowReplicationFactorChange()).isEqualTo(mayResize);
        assertThat(ErrorCode.of(answer.responses().get(0).partitions().get(0).errorCode()))
                .isEqualTo(expected);
    }

    private ListConfigResourcesResponse list(int version, boolean allowed, int... types) {
        ListConfigResourcesRequest asked = new ListConfigResourcesRequest();
        for (int type : types) {
            asked.resourceTypes().add((byte) type);
        }
        RecordingRequest request = RecordingRequest.of(version, asked)
                .allowing((operation, resource) -> allowed && operation == Operation.DESCRIBE_CONFIGS);
        new ListConfigResourcesHandler(metadata).handle(request);
        return request.response(ListConfigResourcesResponse.class);
    }

    private List<String> resources(int version, int... types) {
        return list(version, true, types).configResources().stream()
                .map(resource -> resource.resourceType() + " " + resource.resourceName())
                .toList();
    }

    @Test
    void shouldListWhatCanBeConfigured() {
        metadata.topic("t", 1);
        metadata.broker(2, true, null, new BrokerImage.Listener("PLAINTEXT", "PLAINTEXT", "h", 1));
        metadata.config(new ConfigResource(ConfigResource.Type.GROUP, "g"), Map.of("a", "b"));
        metadata.config(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "m"), Map.of("a", "b"));
        metadata.config(new ConfigResource(ConfigResource.Type.BROKER, ""), Map.of("a", "b"));

        assertThat(resources(1)).containsExactlyInAnyOrder("2 t", "4 1", "8 1", "16 m", "32 g");
        assertThat(resources(1, 2, 32)).containsExactlyInAnyOrder("2 t", "32 g");
        assertThat(resources(1, 4)).containsExactly("4 1");
        assertThat(resources(0)).containsExactly("16 m");
        assertThat(ErrorCode.of(list(1, true, 2, 64).errorCode())).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(ErrorCode.of(list(1, true, 0).errorCode())).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        for (int version = 0; version <= 1; version++) {
            assertThat(ErrorCode.of(list(version, false).errorCode()))
                    .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        }
    }
}
