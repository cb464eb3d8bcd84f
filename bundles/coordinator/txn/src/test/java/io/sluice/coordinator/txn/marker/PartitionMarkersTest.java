package io.sluice.coordinator.txn.marker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.TransactionEnd;
import io.sluice.broker.api.TransactionEndReceiver;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Markers that are refused are tried again until they are written, and the log says so once a minute. */
class PartitionMarkersTest {
    private static final String TOPIC = "orders";
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

    private final SimulatedScheduler clock = new SimulatedScheduler(RandomSource.seeded(1L));
    private final Map<Integer, ErrorCode> refusals = new HashMap<>();
    private final List<Integer> asked = new ArrayList<>();
    private final List<TopicPartition> written = new ArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(PartitionMarkers.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private boolean topicExists = true;

    private final class Receiver implements TransactionEndReceiver {
        @Override
        public String topic() {
            return TOPIC;
        }

        @Override
        public CompletableFuture<ErrorCode> end(TransactionEnd end) {
            asked.add(end.partition());
            return CompletableFuture.completedFuture(refusals.getOrDefault(end.partition(), ErrorCode.NONE));
        }
    }

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    private MarkerWriter.Job write() {
        MarkerReceivers receivers = new MarkerReceivers(topic -> false);
        receivers.add(new Receiver());
        MarkerAppends appends =
                new MarkerAppends(new SimulatedPartitions(TOPIC, 2, clock), receivers, clock, clock, 5_000);
        return new PartitionMarkers(appends, partition -> topicExists, clock, clock)
                .write(new Markers(7L, (short) 3, true, 1, (short) 2, Set.of(FIRST, SECOND)), written::addAll);
    }

    private List<String> said() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void shouldWriteAllAtOnce() {
        write();

        assertThat(written).containsExactlyInAnyOrder(FIRST, SECOND);
        assertThat(clock.timerCount()).isZero();
    }

    @Test
    void shouldTryOnlyWhatWasRefusedAgain() {
        refusals.put(1, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        write();
        clock.advance(100L);
        refusals.clear();
        asked.clear();
        clock.advance(1_000L);

        assertThat(asked).containsExactly(1);
        assertThat(written).containsExactly(FIRST, SECOND);
        assertThat(said()).isEmpty();
    }

    @Test
    void shouldSayOnceAMinuteWhatStaysRefused() {
        refusals.put(0, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        refusals.put(1, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        write();
        clock.advance(10_000L);
        assertThat(said()).hasSize(1);
        assertThat(said().get(0)).contains("producer 7", "2 of its partitions", "orders-1 NOT_LEADER_OR_FOLLOWER");

        clock.advance(30_000L);
        assertThat(said()).hasSize(1);

        clock.advance(60_000L);
        assertThat(said()).hasSize(2);
    }

    @Test
    void shouldSayAtOnceWhatDoesNotPass() {
        refusals.put(0, ErrorCode.KAFKA_STORAGE_ERROR);
        refusals.put(1, ErrorCode.UNKNOWN_SERVER_ERROR);
        write();

        assertThat(said()).hasSize(1);
    }

    @Test
    void shouldNeedNoMarkerWhereTheTopicIsGone() {
        refusals.put(0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        topicExists = false;
        write();

        assertThat(written).containsExactlyInAnyOrder(FIRST, SECOND);
    }

    @Test
    void shouldLeaveWhatIsFencedToTheNextCoordinator() {
        refusals.put(0, ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        write();
        clock.advance(10_000L);

        assertThat(written).containsExactly(SECOND);
        assertThat(clock.timerCount()).isZero();
    }

    @Test
    void shouldWriteNothingOnceCancelled() {
        refusals.put(0, ErrorCode.NOT_LEADER_OR_FOLLOWER);
        MarkerWriter.Job job = write();
        job.cancel();
        asked.clear();
        refusals.clear();
        clock.advance(10_000L);

        assertThat(asked).isEmpty();
        assertThat(written).containsExactly(SECOND);
    }
}
