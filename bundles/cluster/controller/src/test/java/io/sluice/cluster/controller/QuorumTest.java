package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.protocol.message.AddRaftVoterRequest;
import io.sluice.protocol.message.DescribeQuorumRequest;
import io.sluice.protocol.message.DescribeQuorumResponse;
import io.sluice.protocol.message.RemoveRaftVoterRequest;
import io.sluice.protocol.message.UnregisterControllerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class QuorumTest {
    private static final Uuid DIRECTORY = new Uuid(100, 1);

    private final ControllerFixture fixture = ControllerFixture.registered();

    private DescribeQuorumResponse describe(String topic, int partition) {
        DescribeQuorumRequest.TopicData asked = new DescribeQuorumRequest.TopicData().setTopicName(topic);
        asked.partitions().add(new DescribeQuorumRequest.PartitionData().setPartitionIndex(partition));
        return done(fixture.controller().describeQuorum(new DescribeQuorumRequest().setTopics(List.of(asked))));
    }

    @Test
    void shouldDescribeItselfAsTheOneVoter() {
        fixture.create(topic("t", 3, 1));

        DescribeQuorumResponse answer = describe("__cluster_metadata", 0);

        DescribeQuorumResponse.PartitionData state =
                answer.topics().get(0).partitions().get(0);
        assertThat(state.errorCode()).isZero();
        assertThat(state.leaderId()).isEqualTo(1);
        assertThat(state.leaderEpoch()).isEqualTo(fixture.image().epoch());
        assertThat(state.highWatermark()).isEqualTo(fixture.image().offset() + 1);
        assertThat(state.observers()).isEmpty();
        assertThat(state.currentVoters()).singleElement().satisfies(voter -> {
            assertThat(voter.replicaId()).isEqualTo(1);
            assertThat(voter.replicaDirectoryId()).isEqualTo(DIRECTORY);
            assertThat(voter.logEndOffset()).isEqualTo(fixture.image().offset() + 1);
            assertThat(voter.lastCaughtUpTimestamp()).isPositive();
        });
        assertThat(answer.nodes()).singleElement().satisfies(node -> assertThat(node.listeners())
                .extracting(listener -> listener.name() + " " + listener.port())
                .containsExactly("PLAINTEXT 9092"));
    }

    @Test
    void shouldKnowNoQuorumOfAnotherPartition() {
        for (DescribeQuorumResponse answer : List.of(describe("t", 0), describe("__cluster_metadata", 1))) {
            assertThat(ErrorCode.of(answer.topics().get(0).partitions().get(0).errorCode()))
                    .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
            assertThat(answer.nodes()).isEmpty();
        }
    }

    private ErrorCode add(@Nullable String cluster, int voter, Uuid directory) {
        return ErrorCode.of(done(fixture.controller()
                        .addRaftVoter(new AddRaftVoterRequest()
                                .setListeners(List.of(new AddRaftVoterRequest.Listener()
                                        .setName("CONTROLLER")
                                        .setHost("127.0.0.1")
                                        .setPort(9)))
                                .setClusterId(cluster)
                                .setVoterId(voter)
                                .setVoterDirectoryId(directory)))
                .errorCode());
    }

    private ErrorCode remove(@Nullable String cluster, int voter, Uuid directory) {
        return ErrorCode.of(done(fixture.controller()
                        .removeRaftVoter(new RemoveRaftVoterRequest()
                                .setClusterId(cluster)
                                .setVoterId(voter)
                                .setVoterDirectoryId(directory)))
                .errorCode());
    }

    @Test
    void shouldTakeNoOtherVoter() {
        assertThat(add("another", 2, DIRECTORY)).isEqualTo(ErrorCode.INCONSISTENT_CLUSTER_ID);
        assertThat(add(null, 2, Uuid.ZERO)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(done(fixture.controller()
                                .addRaftVoter(new AddRaftVoterRequest()
                                        .setClusterId(null)
                                        .setVoterId(2)
                                        .setVoterDirectoryId(DIRECTORY)))
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(add(null, -1, DIRECTORY)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(add(ControllerFixture.CLUSTER, 1, DIRECTORY)).isEqualTo(ErrorCode.DUPLICATE_VOTER);
        assertThat(add(ControllerFixture.CLUSTER, 2, DIRECTORY)).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
    }

    @Test
    void shouldNotRemoveTheLastVoter() {
        assertThat(remove("another", 1, DIRECTORY)).isEqualTo(ErrorCode.INCONSISTENT_CLUSTER_ID);
        assertThat(remove(null, 1, Uuid.ZERO)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(remove(null, 1, DIRECTORY)).isEqualTo(ErrorCode.VOTER_NOT_FOUND);
        assertThat(remove(null, 2, DIRECTORY)).isEqualTo(ErrorCode.VOTER_NOT_FOUND);
    }

    @Test
    void shouldForgetNoController() {
        assertThat(unregister(1)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(unregister(2)).isEqualTo(ErrorCode.CONTROLLER_ID_NOT_REGISTERED);
    }

    private ErrorCode unregister(int controller) {
        return ErrorCode.of(done(fixture.controller()
                        .unregisterController(new UnregisterControllerRequest().setControllerId(controller)))
                .errorCode());
    }
}
