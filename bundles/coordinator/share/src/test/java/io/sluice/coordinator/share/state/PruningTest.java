package io.sluice.coordinator.share.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.coordinator.kit.SimulatedLog;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.request.kit.MemoryBroker;
import io.sluice.request.kit.MemoryMetadata;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** At each interval what is of no use any more goes from the topic of share groups, and nothing else does. */
class PruningTest {
    private static final String TOPIC = "__share_group_state";
    private static final long INTERVAL_MS = 10_000L;
    private static final int WRITES = 600;

    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(3L));
    private final SimulatedPartitions partitions = new SimulatedPartitions(TOPIC, 1, scheduler);
    private final SimulatedLog log = partitions.log(0);
    private final MemoryMetadata metadata = new MemoryMetadata();
    private final Uuid topicId = metadata.topic("topic", 3).id();
    private final SharePartitionKey busy = new SharePartitionKey("group", topicId, 0);
    private final SharePartitionKey cold = new SharePartitionKey("group", topicId, 1);
    private ShareStateCoordinator coordinator;

    PruningTest() {
        metadata.topic(TOPIC, 1);
        coordinator = coordinator();
        partitions.elect(0, 1);
        coordinator.start();
        scheduler.runUntilIdle();
        initialize(cold);
        write(cold, 7L);
        initialize(busy);
    }

    private ShareStateCoordinator coordinator() {
        MemoryBroker broker = new MemoryBroker(scheduler, scheduler)
                .set("share.coordinator.state.topic.prune.interval.ms", Long.toString(INTERVAL_MS));
        StateTopic topic = new StateTopic(
                (api, version, request) -> {
                    throw new IllegalStateException("the topic is there");
                },
                scheduler);
        return new ShareStateCoordinator(broker, partitions, metadata, topic);
    }

    @AfterEach
    void close() {
        coordinator.beginClose();
        scheduler.runUntilIdle();
    }

    private void initialize(SharePartitionKey key) {
        Pending<StateOutcome> pending = new Pending<>();
        coordinator.initialize(key, 1, 0L, pending);
        scheduler.runUntilIdle();
        assertThat(pending.outcome().error()).isEqualTo(ErrorCode.NONE);
    }

    /** The start, and that the record behind it is acknowledged. */
    private Pending<StateOutcome> beginWrite(SharePartitionKey key, long start) {
        StateBatch batch = new StateBatch(start + 1L, start + 1L, (byte) 2, (short) 1);
        Pending<StateOutcome> pending = new Pending<>();
        coordinator.write(key, new StateChange(1, 1, start, 1, List.of(batch)), pending);
        return pending;
    }

    private void write(SharePartitionKey key, long start) {
        Pending<StateOutcome> pending = beginWrite(key, start);
        scheduler.runUntilIdle();
        assertThat(pending.outcome().error()).isEqualTo(ErrorCode.NONE);
    }

    private void writeMuch() {
        for (long i = 1L; i <= WRITES; i++) {
            write(busy, 10L * i);
        }
    }

    private ReadOutcome read(SharePartitionKey key) {
        Pending<ReadOutcome> pending = new Pending<>();
        coordinator.read(key, 1, pending);
        scheduler.runUntilIdle();
        return pending.outcome();
    }

    private void restart() {
        coordinator.beginClose();
        scheduler.runUntilIdle();
        coordinator = coordinator();
        coordinator.start();
        scheduler.advance(50);
    }

    private void checkNothingIsLost(long start) {
        assertThat(read(busy).startOffset()).isEqualTo(start);
        assertThat(read(busy).batches()).containsExactly(new StateBatch(start + 1L, start + 1L, (byte) 2, (short) 1));
        assertThat(read(cold).startOffset()).isEqualTo(7L);
        assertThat(read(cold).batches()).containsExactly(new StateBatch(8L, 8L, (byte) 2, (short) 1));
    }

    @Test
    void shouldDeleteWhatLaterSnapshotsHaveMadeUselessAtEachInterval() {
        writeMuch();
        scheduler.advance(INTERVAL_MS - 1L);
        assertThat(log.startOffset()).isZero();
        scheduler.advance(1L);
        long pruned = log.startOffset();
        assertThat(pruned).isGreaterThan(WRITES);
        assertThat(log.endOffset() - pruned).isEqualTo(2L);

        writeMuch();
        scheduler.advance(INTERVAL_MS);
        assertThat(log.startOffset()).isGreaterThan(pruned + WRITES);
    }

    @Test
    void shouldKeepAllThatIsNeeded() {
        writeMuch();
        scheduler.advance(INTERVAL_MS);
        checkNothingIsLost(10L * WRITES);
        restart();
        assertThat(log.startOffset()).isPositive();
        checkNothingIsLost(10L * WRITES);
    }

    @Test
    void shouldKeepWhatIsWrittenWhileItPrunes() {
        writeMuch();
        partitions.commitAfter(() -> 100L);
        scheduler.advance(INTERVAL_MS);
        assertThat(log.startOffset()).isZero();
        Pending<StateOutcome> meanwhile = beginWrite(busy, 10L * WRITES + 5L);
        scheduler.advance(1_000L);
        assertThat(meanwhile.outcome().error()).isEqualTo(ErrorCode.NONE);
        assertThat(log.startOffset()).isPositive();
        partitions.commitAfter(() -> 0L);
        restart();
        checkNothingIsLost(10L * WRITES + 5L);
    }

    @Test
    void shouldDeleteNothingWhenTheSnapshotsCannotBeWritten() {
        writeMuch();
        partitions.failNext(10, ErrorCode.NOT_ENOUGH_REPLICAS, false);
        scheduler.advance(INTERVAL_MS);
        assertThat(log.startOffset()).isZero();
        partitions.failNext(0, ErrorCode.NONE, false);
        restart();
        checkNothingIsLost(10L * WRITES);
    }

    @Test
    void shouldForgetShareGroupsOfTopicsThatAreGone() {
        writeMuch();
        metadata.delete("topic");
        scheduler.advance(INTERVAL_MS);
        metadata.topic("topic", 3);
        restart();
        assertThat(log.startOffset()).isPositive();
        assertThat(read(busy).error()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }
}
