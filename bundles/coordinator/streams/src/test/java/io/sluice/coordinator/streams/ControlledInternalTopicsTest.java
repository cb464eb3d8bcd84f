package io.sluice.coordinator.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.Time;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.protocol.message.CreateTopicsRequest.CreatableTopic;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ControlledInternalTopicsTest {
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryController controller = new MemoryController(metadata);
    private long nowMs;
    private final ControlledInternalTopics topics = new ControlledInternalTopics(controller, new Time() {
        @Override
        public long milliseconds() {
            return nowMs;
        }

        @Override
        public long nanoseconds() {
            return nowMs * 1_000_000L;
        }
    });

    private static CreatableTopic topic(String name, int partitions) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) -1);
    }

    @Test
    void shouldMakeTopicsOnceHoweverManyAsk() {
        controller.hold();
        topics.create(List.of(topic("a", 3), topic("b", 2)));
        topics.create(List.of(topic("a", 3), topic("b", 2)));
        topics.create(List.of(topic("b", 2), topic("c", 1)));
        controller.release();
        assertThat(controller.requests()).hasSize(2);
        assertThat(((CreateTopicsRequest) controller.requests().get(1)).topics())
                .containsExactly(topic("c", 1));
        assertThat(Objects.requireNonNull(metadata.image().topic("a")).partitions())
                .hasSize(3);
        assertThat(topics.failures(List.of("a", "b", "c"))).isEmpty();
    }

    @Test
    void shouldSayWhatFailedAndTryAgainLater() {
        controller.fail();
        topics.create(List.of(topic("a", 3)));
        assertThat(topics.failures(List.of("a", "b"))).isEqualTo("a (NOT_CONTROLLER)");
        topics.create(List.of(topic("a", 3)));
        assertThat(controller.requests()).hasSize(1);
        nowMs += 1_500L;
        topics.create(List.of(topic("a", 3)));
        assertThat(controller.requests()).hasSize(2);
    }
}
