package io.sluice.coordinator.share.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.share.ShareGroupSettings;
import io.sluice.protocol.message.CreateTopicsRequest;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.MemoryPartitions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadLetterTopicsTest {
    private static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(0L, 9L), "topic", 4);
    private static final DeadLetter LETTER = new DeadLetter(5, 9, 2, DeadLetter.Cause.REJECTED);
    private static final long LONG_MS = 600_000L;

    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(1L));
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryController controller = new MemoryController(metadata);
    private final MemoryBroker broker =
            new MemoryBroker(scheduler, scheduler).set("errors.deadletterqueue.topic.name.prefix", "dlq.");
    private final Deque<ErrorCode> errors = new ArrayDeque<>();
    private final MemoryPartitions partitions = new MemoryPartitions().appending(entry -> outcome());
    private final AtomicInteger done = new AtomicInteger();
    private String wanted = "dlq.a";
    private final DeadLetterTopics topics =
            new DeadLetterTopics(broker, partitions, metadata, controller, group -> settings());

    private ShareGroupSettings settings() {
        return new ShareGroupSettings(30_000, 5, 2_000, true, false, "earliest", wanted, false);
    }

    private AppendOutcome outcome() {
        ErrorCode error = errors.isEmpty() ? ErrorCode.NONE : errors.remove();
        return error == ErrorCode.NONE
                ? new AppendOutcome(ErrorCode.NONE, 0L, 0L, -1L, 0L, List.of(), null)
                : AppendOutcome.refused(error, null);
    }

    private Uuid topic(String name, String enabled) {
        metadata.config(
                new ConfigResource(ConfigResource.Type.TOPIC, name),
                Map.of("errors.deadletterqueue.group.enable", enabled));
        return metadata.topic(name, 3).id();
    }

    private void send() {
        topics.send("group", PARTITION, LETTER, done::incrementAndGet);
        scheduler.runUntilIdle();
    }

    private List<Uuid> targets() {
        return partitions.appended().stream().map(AppendEntry::topicId).toList();
    }

    @Test
    void shouldWriteToThePartitionOfTheSameNumberAsFarAsThereIsOne() {
        topic("dlq.a", "true");
        send();
        assertThat(done).hasValue(1);
        assertThat(partitions.appended()).hasSize(1);
        assertThat(partitions.appended().get(0).partition().partition()).isEqualTo(1);
    }

    @Test
    void shouldWriteNothingWhereItMayNot() {
        topic("dlq.a", "false");
        send();
        wanted = "other";
        topic("other", "true");
        send();
        wanted = "__dlq";
        send();
        wanted = "dlq.missing";
        send();
        assertThat(done).hasValue(4);
        assertThat(partitions.appended()).isEmpty();
        assertThat(controller.requests()).isEmpty();
    }

    @Test
    void shouldMakeTheTopicWhereThatIsAllowed() {
        broker.set("errors.deadletterqueue.auto.create.topics.enable", "true");
        metadata.config(
                new ConfigResource(ConfigResource.Type.TOPIC, "dlq.a"),
                Map.of("errors.deadletterqueue.group.enable", "true"));
        send();
        assertThat(done).hasValue(1);
        assertThat(partitions.appended()).hasSize(1);
        CreateTopicsRequest request =
                (CreateTopicsRequest) controller.requests().get(0);
        assertThat(request.topics().iterator().next().configs())
                .extracting(config -> config.name() + "=" + config.value())
                .containsExactly("errors.deadletterqueue.group.enable=true", "message.timestamp.type=CreateTime");
    }

    @Test
    void shouldTryAgainAfterErrorsThatPass() {
        topic("dlq.a", "true");
        errors.addAll(List.of(ErrorCode.NOT_ENOUGH_REPLICAS, ErrorCode.NOT_LEADER_OR_FOLLOWER));
        send();
        assertThat(done).hasValue(0);
        scheduler.advance(LONG_MS);
        assertThat(done).hasValue(1);
        assertThat(partitions.appended()).hasSize(3);
    }

    @Test
    void shouldGiveUpAfterErrorsThatDoNotPassAndAfterSomeAttempts() {
        topic("dlq.a", "true");
        errors.add(ErrorCode.MESSAGE_TOO_LARGE);
        send();
        assertThat(done).hasValue(1);
        assertThat(partitions.appended()).hasSize(1);

        for (int i = 0; i < 10; i++) {
            errors.add(ErrorCode.NOT_ENOUGH_REPLICAS);
        }
        send();
        scheduler.advance(LONG_MS);
        assertThat(done).hasValue(2);
        assertThat(partitions.appended()).hasSize(6);
    }

    @Test
    void shouldWriteToATopicThatWasMadeAnew() {
        Uuid old = topic("dlq.a", "true");
        errors.add(ErrorCode.UNKNOWN_TOPIC_ID);
        send();
        metadata.delete("dlq.a");
        Uuid fresh = topic("dlq.a", "true");
        scheduler.advance(LONG_MS);
        assertThat(done).hasValue(1);
        assertThat(targets()).containsExactly(old, fresh);
    }

    @Test
    void shouldGiveUpWhenTheTopicIsDeletedMeanwhile() {
        topic("dlq.a", "true");
        errors.add(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        send();
        metadata.delete("dlq.a");
        scheduler.advance(LONG_MS);
        assertThat(done).hasValue(1);
        assertThat(partitions.appended()).hasSize(1);
    }

    @Test
    void shouldFollowTheConfigurationOfTheGroup() {
        Uuid first = topic("dlq.a", "true");
        Uuid second = topic("dlq.b", "true");
        errors.addAll(List.of(ErrorCode.NOT_ENOUGH_REPLICAS, ErrorCode.NOT_ENOUGH_REPLICAS));
        send();
        wanted = "dlq.b";
        scheduler.advance(1_000L);
        assertThat(targets()).containsExactly(first, second);
        wanted = "";
        scheduler.advance(LONG_MS);
        assertThat(done).hasValue(1);
        assertThat(partitions.appended()).hasSize(2);
    }
}
