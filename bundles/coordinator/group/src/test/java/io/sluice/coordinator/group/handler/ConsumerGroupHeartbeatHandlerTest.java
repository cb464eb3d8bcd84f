package io.sluice.coordinator.group.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.cluster.api.TopicImage;
import io.sluice.coordinator.group.ShardedGroupCoordinator;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.protocol.message.ConsumerGroupHeartbeatRequest;
import io.sluice.protocol.message.ConsumerGroupHeartbeatResponse;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConsumerGroupHeartbeatHandlerTest {
    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(5L));
    private final SimulatedPartitions partitions = new SimulatedPartitions("__consumer_offsets", 1, scheduler);
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final SimulatedBroker broker = new SimulatedBroker(scheduler);
    private final ShardedGroupCoordinator coordinator = new ShardedGroupCoordinator(broker, partitions, metadata);
    private final ConsumerGroupHeartbeatHandler handler = new ConsumerGroupHeartbeatHandler(coordinator, broker);
    private final TopicImage seen;

    ConsumerGroupHeartbeatHandlerTest() {
        metadata.topic("__consumer_offsets", 1);
        seen = metadata.topic("orders-seen", 2);
        metadata.topic("orders-hidden", 2);
        metadata.topic("payments", 2);
        coordinator.start();
        partitions.elect(0, 1);
        scheduler.runUntilIdle();
    }

    private static RecordingRequest join(String regex) {
        return RecordingRequest.of(
                        1,
                        new ConsumerGroupHeartbeatRequest()
                                .setGroupId("g")
                                .setMemberId("m")
                                .setRebalanceTimeoutMs(1_000)
                                .setSubscribedTopicRegex(regex)
                                .setTopicPartitions(List.of()))
                .allowing((operation, resource) -> !resource.name().endsWith("-hidden"));
    }

    @Test
    void shouldLookUpTheTopicsThatTheClientMaySeeApartFromThePartition() {
        RecordingRequest request = join("orders-.*");
        handler.handle(request);
        while (request.parked() == null) {
            assertThat(scheduler.step()).isTrue();
        }
        RecordingRequest.Parked parked = Objects.requireNonNull(request.parked());
        assertThat(parked.fired()).as("by the thread of the partition").isFalse();
        scheduler.runUntilIdle();
        assertThat(parked.fired()).isTrue();
        assertThat(request.isAnswered()).isFalse();

        handler.resume(request, parked.continuation(), false);
        scheduler.runUntilIdle();

        ConsumerGroupHeartbeatResponse response = request.response(ConsumerGroupHeartbeatResponse.class);
        assertThat(ErrorCode.of(response.errorCode())).isEqualTo(ErrorCode.NONE);
        assertThat(Objects.requireNonNull(response.assignment()).topicPartitions())
                .singleElement()
                .satisfies(topic -> {
                    assertThat(topic.topicId()).isEqualTo(seen.id());
                    assertThat(topic.partitions()).containsExactly(0, 1);
                });
    }

    @Test
    void shouldRefuseWhatIsNoRegularExpression() {
        RecordingRequest request = join("([");
        handler.handle(request);
        assertThat(ErrorCode.of(
                        request.response(ConsumerGroupHeartbeatResponse.class).errorCode()))
                .isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
    }
}
