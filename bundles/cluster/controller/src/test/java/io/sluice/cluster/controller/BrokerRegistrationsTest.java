package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.done;
import static io.sluice.cluster.controller.ControllerFixture.registration;
import static io.sluice.cluster.controller.ControllerFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.BrokerImage;
import io.sluice.cluster.api.PartitionImage;
import io.sluice.protocol.message.AllocateProducerIdsRequest;
import io.sluice.protocol.message.AllocateProducerIdsResponse;
import io.sluice.protocol.message.BrokerRegistrationRequest;
import io.sluice.protocol.message.BrokerRegistrationResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BrokerRegistrationsTest {
    private final ControllerFixture fixture = new ControllerFixture();

    private BrokerRegistrationResponse register(BrokerRegistrationRequest request, boolean clean) {
        return done(fixture.controller().registerBroker(request, clean));
    }

    private PartitionImage partition() {
        return Objects.requireNonNull(fixture.image().topic("t")).partitions().get(0);
    }

    @Test
    void shouldFinaliseTheFeaturesOfKafkaWithTheFirstRegistration() {
        assertThat(fixture.image().features()).isEmpty();
        register(registration(1, 7), true);

        assertThat(fixture.image().features())
                .isEqualTo(Map.of(
                        "metadata.version", (short) 33,
                        "transaction.version", (short) 2,
                        "group.version", (short) 1,
                        "share.version", (short) 2,
                        "streams.version", (short) 1,
                        "kraft.version", (short) 1,
                        "eligible.leader.replicas.version", (short) 1));
        assertThat(fixture.log.batches()).hasSize(1);
    }

    @Test
    void shouldShowTheBrokerUnfencedWithTheOffsetOfItsRecordAsEpoch() {
        BrokerRegistrationResponse response = register(registration(1, 7).setRack("r"), true);

        assertThat(response.errorCode()).isZero();
        assertThat(response.brokerEpoch()).isEqualTo(fixture.image().offset());
        assertThat(fixture.image().brokers())
                .containsEntry(
                        1,
                        new BrokerImage(
                                1,
                                response.brokerEpoch(),
                                false,
                                "r",
                                List.of(new BrokerImage.Listener("PLAINTEXT", "PLAINTEXT", "127.0.0.1", 9092))));
        assertThat(fixture.image().controllerId()).isEqualTo(1);
        assertThat(fixture.image().epoch()).isEqualTo(1);
    }

    @Test
    void shouldRaiseTheBrokerEpochWithEachIncarnationOnly() {
        long first = register(registration(1, 7), true).brokerEpoch();
        long amended = register(registration(1, 7).setRack("moved"), true).brokerEpoch();
        long next = register(registration(1, 8), true).brokerEpoch();

        assertThat(amended).isEqualTo(first);
        assertThat(next).isGreaterThan(first).isEqualTo(fixture.image().offset());
    }

    @Test
    void shouldRaiseLeaderEpochsAfterAnUncleanStopOnly() {
        register(registration(1, 7), true);
        fixture.create(topic("t", 1, 1));
        register(registration(1, 8), true);
        assertThat(partition().leaderEpoch()).isZero();

        register(registration(1, 9), false);
        assertThat(partition().leaderEpoch()).isEqualTo(1);
        assertThat(partition().leader()).isEqualTo(1);
        register(registration(1, 9), false);
        assertThat(partition().leaderEpoch()).isEqualTo(1);
    }

    @Test
    void shouldRaiseTheLeaderEpochsOfOneTopicWhenAsked() {
        register(registration(1, 7), true);
        fixture.create(topic("t", 2, 1));
        fixture.create(topic("u", 1, 1));

        assertThat(done(fixture.controller().bumpLeaderEpochs("t"))).isEqualTo(Map.of(0, 1, 1, 1));
        assertThat(partition().leaderEpoch()).isEqualTo(1);
        assertThat(Objects.requireNonNull(fixture.image().topic("u"))
                        .partitions()
                        .get(0)
                        .leaderEpoch())
                .isZero();
        assertThat(done(fixture.controller().bumpLeaderEpochs("no"))).isEmpty();
    }

    @Test
    void shouldRefuseRegistrationsThatDoNotFit() {
        register(registration(2, 7), true);

        assertThat(error(registration(1, 7).setClusterId("another"))).isEqualTo(ErrorCode.INCONSISTENT_CLUSTER_ID);
        assertThat(error(registration(1, 7).setListeners(List.of()))).isEqualTo(ErrorCode.INVALID_REGISTRATION);
        assertThat(error(registration(1, 7).setLogDirs(List.of(new Uuid(100, 2)))))
                .isEqualTo(ErrorCode.INVALID_REGISTRATION);
        assertThat(error(registration(1, 7).setLogDirs(List.of(new Uuid(5, 5), new Uuid(5, 5)))))
                .isEqualTo(ErrorCode.INVALID_REGISTRATION);
        assertThat(error(registration(1, 7)
                        .setFeatures(List.of(new BrokerRegistrationRequest.Feature()
                                .setName("metadata.version")
                                .setMinSupportedVersion((short) 1)
                                .setMaxSupportedVersion((short) 30)))))
                .isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(fixture.image().brokers()).containsOnlyKeys(2);
    }

    private ErrorCode error(BrokerRegistrationRequest request) {
        return ErrorCode.of(register(request, true).errorCode());
    }

    @Test
    void shouldGiveEachBlockOfProducerIdsOnceEvenAfterRestart() {
        long epoch = register(registration(1, 7), true).brokerEpoch();
        assertThat(allocate(fixture, epoch).producerIdStart()).isZero();
        assertThat(allocate(fixture, epoch).producerIdStart()).isEqualTo(1000);

        ControllerFixture again = new ControllerFixture(fixture.log, Map.of());
        AllocateProducerIdsResponse later = allocate(again, epoch);
        assertThat(later.producerIdStart()).isEqualTo(2000);
        assertThat(later.producerIdLen()).isEqualTo(1000);
    }

    @Test
    void shouldGiveNoProducerIdsToAnOlderIncarnation() {
        long epoch = register(registration(1, 7), true).brokerEpoch();
        register(registration(1, 8), true);

        assertThat(ErrorCode.of(allocate(fixture, epoch).errorCode())).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
        assertThat(fixture.image().nextProducerId()).isZero();
    }

    private static AllocateProducerIdsResponse allocate(ControllerFixture fixture, long epoch) {
        return done(fixture.controller()
                .allocateProducerIds(
                        new AllocateProducerIdsRequest().setBrokerId(1).setBrokerEpoch(epoch)));
    }
}
