package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.image.ClusterImage;
import io.sluice.cluster.api.image.ImageBuilder;
import io.sluice.protocol.Message;
import io.sluice.protocol.message.ElectLeadersRequest;
import io.sluice.protocol.message.ElectLeadersRequest.TopicPartitions;
import io.sluice.protocol.message.ElectLeadersResponse;
import io.sluice.protocol.message.UnregisterBrokerRequest;
import io.sluice.protocol.message.UnregisterBrokerResponse;
import io.sluice.protocol.metadata.PartitionRecord;
import io.sluice.protocol.metadata.RegisterBrokerRecord;
import io.sluice.protocol.metadata.TopicRecord;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Elections, and brokers that leave for good. */
class LeaderElectionsTest {
    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;
    private static final Uuid TOPIC = new Uuid(5, 5);

    private ClusterImage image = ClusterImage.EMPTY;

    private void replay(List<? extends Message> records) {
        ImageBuilder builder = new ImageBuilder(image);
        records.forEach(builder::replay);
        image = builder.build(image.offset() + records.size(), 1, 1).image();
    }

    private void broker(int id, boolean fenced) {
        replay(List.of(new RegisterBrokerRecord()
                .setBrokerId(id)
                .setBrokerEpoch(id)
                .setIncarnationId(new Uuid(9, id))
                .setFenced(fenced)));
    }

    /** A topic of one partition. */
    private void partition(List<Integer> replicas, List<Integer> inSync, int leader) {
        replay(List.of(
                new TopicRecord().setName("t").setTopicId(TOPIC),
                new PartitionRecord()
                        .setTopicId(TOPIC)
                        .setPartitionId(0)
                        .setReplicas(replicas)
                        .setIsr(inSync)
                        .setLeader(leader)
                        .setLeaderEpoch(0)
                        .setPartitionEpoch(0)
                        .setDirectories(
                                replicas.stream().map(replica -> Uuid.ZERO).toList())));
    }

    private Situation situation() {
        return new Situation(image, 1, "c", Map.of(), RandomSource.seeded(1), new Policies());
    }

    private ElectLeadersResponse elect(byte type, @Nullable String name, int partition) {
        ElectLeadersRequest request = new ElectLeadersRequest().setElectionType(type);
        request.setTopicPartitions(
                name == null
                        ? null
                        : List.of(new TopicPartitions().setTopic(name).setPartitions(List.of(partition))));
        Decision<ElectLeadersResponse> decision = LeaderElections.decide(request, situation());
        replay(decision.records());
        return decision.response();
    }

    private ErrorCode elect(byte type) {
        return ErrorCode.of(elect(type, "t", 0)
                .replicaElectionResults()
                .get(0)
                .partitionResult()
                .get(0)
                .errorCode());
    }

    private io.sluice.cluster.api.PartitionImage partition() {
        return image.topic("t").partitions().get(0);
    }

    @Test
    void shouldGiveTheFirstReplicaTheLeadWhenItIsInSync() {
        broker(1, false);
        broker(2, false);
        partition(List.of(2, 1), List.of(1, 2), 1);

        assertThat(elect(PREFERRED)).isEqualTo(ErrorCode.NONE);
        assertThat(partition().leader()).isEqualTo(2);
        assertThat(partition().leaderEpoch()).isEqualTo(1);
        assertThat(elect(PREFERRED)).isEqualTo(ErrorCode.ELECTION_NOT_NEEDED);
        assertThat(partition().leaderEpoch()).isEqualTo(1);
    }

    @Test
    void shouldSayThatTheFirstReplicaIsNotAvailable() {
        broker(1, false);
        broker(2, true);
        partition(List.of(2, 1), List.of(1, 2), 1);
        assertThat(elect(PREFERRED)).isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);

        image = ClusterImage.EMPTY;
        broker(1, false);
        broker(2, false);
        partition(List.of(2, 1), List.of(1), 1);
        assertThat(elect(PREFERRED)).isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(partition().leader()).isEqualTo(1);
    }

    @Test
    void shouldTakeWhoIsThereWhenNobodyLeads() {
        broker(1, false);
        broker(2, true);
        partition(List.of(2, 1), List.of(2), -1);

        assertThat(elect(UNCLEAN)).isEqualTo(ErrorCode.NONE);
        assertThat(partition().leader()).isEqualTo(1);
        assertThat(partition().inSyncReplicas()).containsExactly(1);
        assertThat(elect(UNCLEAN)).isEqualTo(ErrorCode.ELECTION_NOT_NEEDED);
    }

    @Test
    void shouldPreferWhoIsInSyncWhenNobodyLeads() {
        broker(1, false);
        broker(2, false);
        partition(List.of(2, 1), List.of(1), -1);

        assertThat(elect(UNCLEAN)).isEqualTo(ErrorCode.NONE);
        assertThat(partition().leader()).isEqualTo(1);
    }

    @Test
    void shouldSayThatNobodyIsEligible() {
        broker(2, true);
        partition(List.of(2), List.of(2), -1);

        assertThat(elect(UNCLEAN)).isEqualTo(ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE);
    }

    @Test
    void shouldKnowNoPartitionThatIsNotThere() {
        broker(1, false);
        partition(List.of(1), List.of(1), 1);
        for (ElectLeadersResponse answer :
                List.of(elect(PREFERRED, "no", 0), elect(PREFERRED, "t", 1), elect(UNCLEAN, "t", -1))) {
            assertThat(answer.replicaElectionResults().get(0).partitionResult())
                    .singleElement()
                    .satisfies(result -> assertThat(ErrorCode.of(result.errorCode()))
                            .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        assertThat(ErrorCode.of(elect((byte) 7, "t", 0).errorCode())).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldLeaveOutWhatNeedsNoElectionWhenAllAreMeant() {
        broker(1, false);
        partition(List.of(1), List.of(1), 1);

        assertThat(elect(PREFERRED, null, 0).replicaElectionResults())
                .singleElement()
                .satisfies(topic -> {
                    assertThat(topic.topic()).isEqualTo("t");
                    assertThat(topic.partitionResult()).isEmpty();
                });
    }

    @Test
    void shouldForgetBrokerThatIsGone() {
        broker(1, false);
        broker(2, true);
        partition(List.of(2, 1), List.of(2, 1), 2);

        Decision<UnregisterBrokerResponse> decision =
                BrokerUnregistrations.decide(new UnregisterBrokerRequest().setBrokerId(2), situation());
        replay(decision.records());

        assertThat(decision.response().errorCode()).isZero();
        assertThat(image.brokers()).containsOnlyKeys(1);
        assertThat(partition().leader()).isEqualTo(1);
        assertThat(partition().inSyncReplicas()).containsExactly(1);
    }

    @Test
    void shouldKeepTheLastThatIsInSyncAndLeaveItWithoutLeader() {
        broker(1, false);
        broker(2, true);
        partition(List.of(2, 1), List.of(2), 2);

        replay(BrokerUnregistrations.decide(new UnregisterBrokerRequest().setBrokerId(2), situation())
                .records());

        assertThat(partition().leader()).isEqualTo(-1);
        assertThat(partition().inSyncReplicas()).containsExactly(2);
    }

    @Test
    void shouldForgetNeitherWhoIsUnknownNorItself() {
        ControllerFixture fixture = ControllerFixture.registered();
        fixture.create(topic("t", 1, 1));

        assertThat(ErrorCode.of(
                        done(fixture.controller().unregisterBroker(new UnregisterBrokerRequest().setBrokerId(9)))
                                .errorCode()))
                .isEqualTo(ErrorCode.BROKER_ID_NOT_REGISTERED);
        assertThat(ErrorCode.of(
                        done(fixture.controller().unregisterBroker(new UnregisterBrokerRequest().setBrokerId(1)))
                                .errorCode()))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(fixture.image().brokers()).containsOnlyKeys(1);
    }
}
