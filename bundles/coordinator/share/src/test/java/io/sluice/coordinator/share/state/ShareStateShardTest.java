package io.sluice.coordinator.share.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Uuid;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.runtime.CoordinatorConfig;
import io.sluice.coordinator.runtime.CoordinatorRuntime;
import io.sluice.coordinator.runtime.StateMachineFactory;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordReader;
import io.sluice.request.kit.MemoryMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ShareStateShardTest {
    private final World world = new World(7L);

    /** One partition of the topic, in simulated time. */
    private static final class World {
        final SimulatedScheduler scheduler;
        final SimulatedPartitions partitions;
        final MemoryMetadata metadata = new MemoryMetadata();
        final Uuid topicId = metadata.topic("topic", 4).id();
        final RandomSource random;
        int updatesPerSnapshot = 5;
        CoordinatorRuntime<ShareStateShard, ShareStateRecord> runtime;
        ShareStateShard shard;

        World(long seed) {
            random = RandomSource.seeded(seed);
            scheduler = new SimulatedScheduler(random);
            partitions = new SimulatedPartitions("__share_group_state", 1, scheduler);
            shard = newShard();
            runtime = newRuntime();
            partitions.elect(0, 1);
            runtime.start();
            scheduler.runUntilIdle();
        }

        private ShareStateShard newShard() {
            return new ShareStateShard(metadata::image, () -> new ShareStateConfig(updatesPerSnapshot, 1_000L));
        }

        private CoordinatorRuntime<ShareStateShard, ShareStateRecord> newRuntime() {
            CoordinatorConfig config = new CoordinatorConfig(
                    "__share_group_state", () -> 1_000_000, CompressionType.NONE, 4_096, 1_000L, 5_000, 2_000L);
            StateMachineFactory<ShareStateShard, ShareStateRecord> factory = (partition, timers) -> {
                shard = newShard();
                return shard;
            };
            return new CoordinatorRuntime<>(config, new ShareStateSerde(), factory, partitions, scheduler, scheduler);
        }

        void restart() {
            runtime.beginClose();
            scheduler.runUntilIdle();
            runtime = newRuntime();
            runtime.start();
            scheduler.advance(50);
        }

        SharePartitionKey key(int partition) {
            return new SharePartitionKey("group", topicId, partition);
        }

        StateOutcome initialize(SharePartitionKey key, int stateEpoch, long start) {
            Pending<StateOutcome> pending = new Pending<>();
            runtime.submit(0, pending, (state, turn) -> state.initialize(turn, key, stateEpoch, start, pending));
            scheduler.runUntilIdle();
            return pending.outcome();
        }

        StateOutcome begin(SharePartitionKey key, int stateEpoch) {
            Pending<StateOutcome> pending = new Pending<>();
            runtime.submit(
                    0,
                    pending,
                    (state, turn) -> state.begin(turn, key, stateEpoch, ShareState.NO_START_OFFSET, pending));
            scheduler.runUntilIdle();
            return pending.outcome();
        }

        Pending<StateOutcome> beginWrite(SharePartitionKey key, StateChange change) {
            Pending<StateOutcome> pending = new Pending<>();
            runtime.submit(0, pending, (state, turn) -> state.write(turn, key, change, pending));
            return pending;
        }

        StateOutcome write(SharePartitionKey key, int stateEpoch, int leaderEpoch, long start, StateBatch... batches) {
            Pending<StateOutcome> pending =
                    beginWrite(key, new StateChange(stateEpoch, leaderEpoch, start, 0, List.of(batches)));
            scheduler.runUntilIdle();
            return pending.outcome();
        }

        ReadOutcome read(SharePartitionKey key, int leaderEpoch) {
            Pending<ReadOutcome> pending = new Pending<>();
            runtime.submit(0, pending, (state, turn) -> state.read(turn, key, leaderEpoch, pending));
            scheduler.runUntilIdle();
            return pending.outcome();
        }

        StateOutcome delete(SharePartitionKey key) {
            Pending<StateOutcome> pending = new Pending<>();
            runtime.submit(0, pending, (state, turn) -> state.delete(turn, key, pending));
            scheduler.runUntilIdle();
            return pending.outcome();
        }

        SummaryOutcome summary(SharePartitionKey key) {
            Pending<SummaryOutcome> pending = new Pending<>();
            runtime.submit(0, pending, (state, turn) -> state.summarize(turn, key, pending));
            scheduler.runUntilIdle();
            return pending.outcome();
        }

        List<ShareStateRecord> records() {
            List<ShareStateRecord> records = new ArrayList<>();
            ShareStateSerde serde = new ShareStateSerde();
            RecordBatchIterator batches =
                    new RecordBatchIterator(partitions.log(0).bytes());
            RecordReader reader = new RecordReader();
            while (batches.next()) {
                reader.reset(batches.batch());
                while (reader.next()) {
                    records.add(serde.read(Objects.requireNonNull(reader.key()), reader.value()));
                }
            }
            return records;
        }
    }

    private static StateBatch acknowledged(long first, long last) {
        return new StateBatch(first, last, (byte) 2, (short) 1);
    }

    @Test
    void shouldKeepAStateThatItsGroupBeginsOnceMore() {
        World world = new World(3L);
        SharePartitionKey key = world.key(0);
        assertThat(world.begin(key, 1).error()).isEqualTo(ErrorCode.NONE);
        world.write(key, 1, 0, 7L, new StateBatch(8L, 9L, (byte) 2, (short) 1));

        assertThat(world.begin(key, 1).error()).isEqualTo(ErrorCode.NONE);

        assertThat(world.read(key, 0).startOffset()).isEqualTo(7L);
        assertThat(world.begin(key, 2).error()).isEqualTo(ErrorCode.NONE);
        assertThat(world.read(key, 0).startOffset())
                .as("a new epoch begins anew")
                .isEqualTo(-1L);
        assertThat(world.begin(key, 1).error()).isEqualTo(ErrorCode.FENCED_STATE_EPOCH);
    }

    @Test
    void shouldTellTheNextLeaderWhatTheLastOneWrote() {
        SharePartitionKey key = world.key(0);
        assertThat(world.initialize(key, 1, -1L).error()).isEqualTo(ErrorCode.NONE);
        assertThat(world.read(key, 3)).isEqualTo(new ReadOutcome(ErrorCode.NONE, null, 1, -1L, List.of()));
        assertThat(world.write(key, 1, 3, 10L, acknowledged(12, 14)).error()).isEqualTo(ErrorCode.NONE);
        world.restart();
        assertThat(world.read(key, 4))
                .isEqualTo(new ReadOutcome(ErrorCode.NONE, null, 1, 10L, List.of(acknowledged(12, 14))));
        assertThat(world.summary(key).startOffset()).isEqualTo(10L);
    }

    @Test
    void shouldFenceALeaderThatWasReplacedEvenAfterARestart() {
        SharePartitionKey key = world.key(0);
        world.initialize(key, 1, 0L);
        world.read(key, 4);
        world.restart();
        assertThat(world.write(key, 1, 3, 5L).error()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(world.read(key, 3).error()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(world.write(key, 1, 4, 5L).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFenceWritesToAStateThatWasSetAnew() {
        SharePartitionKey key = world.key(0);
        world.initialize(key, 1, 0L);
        world.write(key, 1, 1, 7L, acknowledged(8, 9));
        assertThat(world.initialize(key, 2, 3L).error()).isEqualTo(ErrorCode.NONE);
        assertThat(world.write(key, 1, 1, 8L).error()).isEqualTo(ErrorCode.FENCED_STATE_EPOCH);
        assertThat(world.initialize(key, 1, 0L).error()).isEqualTo(ErrorCode.FENCED_STATE_EPOCH);
        assertThat(world.read(key, 1)).isEqualTo(new ReadOutcome(ErrorCode.NONE, null, 2, 3L, List.of()));
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        SharePartitionKey key = world.key(0);
        assertThat(world.read(key, 0).error()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(world.write(key, 0, 0, 0L).error()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(world.initialize(key, -1, 0L).error()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(world.initialize(world.key(4), 0, 0L).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(world.initialize(world.key(-1), 0, 0L).error()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(world.initialize(new SharePartitionKey("group", Uuid.ZERO, 0), 0, 0L)
                        .error())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(world.read(key, -1).error()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldForgetWhatIsDeleted() {
        SharePartitionKey key = world.key(0);
        world.initialize(key, 1, 0L);
        assertThat(world.delete(key).error()).isEqualTo(ErrorCode.NONE);
        assertThat(world.delete(key).error()).isEqualTo(ErrorCode.NONE);
        world.restart();
        assertThat(world.read(key, 0).error()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(world.summary(key).startOffset()).isEqualTo(-1L);
    }

    @Test
    void shouldWriteASnapshotAfterSoManyUpdates() {
        SharePartitionKey key = world.key(0);
        world.initialize(key, 1, 0L);
        for (int i = 1; i <= 12; i++) {
            world.write(key, 1, 1, i);
        }
        long snapshots = world.records().stream()
                .filter(ShareStateRecord.Snapshot.class::isInstance)
                .count();
        assertThat(snapshots).isEqualTo(3);
    }

    @Test
    void shouldNeedNothingOfTheLogBeforeItWasRewritten() {
        world.initialize(world.key(0), 1, 0L);
        world.initialize(world.key(1), 1, 0L);
        world.write(world.key(0), 1, 1, 3L, acknowledged(4, 5));
        int before = world.records().size();
        Pending<Boolean> pending = new Pending<>();
        world.runtime.submit(0, pending, (state, turn) -> turn.answer(pending, state.rewrite(turn)));
        world.scheduler.runUntilIdle();
        assertThat(pending.outcome()).isTrue();
        ShareStateShard fresh = new ShareStateShard(world.metadata::image, () -> ShareStateConfig.DEFAULT);
        world.records().subList(before, world.records().size()).forEach(fresh::replay);
        ShareState state = Objects.requireNonNull(fresh.state(world.key(0)));
        assertThat(state.startOffset()).isEqualTo(3L);
        assertThat(state.batches()).containsExactly(acknowledged(4, 5));
        assertThat(fresh.size()).isEqualTo(2);
    }

    @Test
    void shouldForgetPartitionsOfTopicsThatAreGone() {
        world.initialize(world.key(0), 1, 0L);
        Pending<Boolean> pending = new Pending<>();
        world.runtime.submit(0, pending, (state, turn) -> {
            state.topicsDeleted(turn, java.util.Set.of(world.topicId));
            turn.answer(pending, true);
        });
        world.scheduler.runUntilIdle();
        assertThat(world.shard.size()).isZero();
    }

    /** What was answered is there after any number of restarts and appends that fail. */
    @Property(tries = 60)
    void shouldNeverLoseWhatItAnswered(@ForAll long seed) {
        World simulated = new World(seed);
        simulated.partitions.commitAfter(() -> simulated.random.nextInt(4));
        Map<SharePartitionKey, Long> answered = new HashMap<>();
        Map<SharePartitionKey, Long> asked = new HashMap<>();
        Map<Pending<StateOutcome>, Map.Entry<SharePartitionKey, Long>> open = new HashMap<>();
        for (int partition = 0; partition < 4; partition++) {
            Pending<StateOutcome> pending = new Pending<>();
            SharePartitionKey key = simulated.key(partition);
            simulated.runtime.submit(0, pending, (state, turn) -> state.initialize(turn, key, 1, 0L, pending));
            simulated.scheduler.advance(20);
            pending.outcome();
            answered.put(key, 0L);
            asked.put(key, 0L);
        }
        for (int step = 0; step < 80; step++) {
            SharePartitionKey key = simulated.key(simulated.random.nextInt(4));
            switch (simulated.random.nextInt(10)) {
                case 0 -> {
                    simulated.restart();
                    simulated.scheduler.advance(20);
                }
                case 1 ->
                    simulated.partitions.failNext(1, ErrorCode.NOT_ENOUGH_REPLICAS, simulated.random.nextInt(2) == 0);
                case 2 -> simulated.scheduler.advance(simulated.random.nextInt(50));
                default -> {
                    long start = asked.merge(key, 1L, Long::sum);
                    open.put(
                            simulated.beginWrite(key, new StateChange(1, 1, start, 0, List.of())),
                            Map.entry(key, start));
                }
            }
            open.forEach((pending, write) -> {
                if (pending.isDone()
                        && pending.refusal() == null
                        && pending.outcome().error() == ErrorCode.NONE) {
                    answered.merge(write.getKey(), write.getValue(), Math::max);
                }
            });
        }
        simulated.scheduler.advance(3_000);
        simulated.restart();
        simulated.scheduler.advance(3_000);
        for (Map.Entry<SharePartitionKey, Long> entry : answered.entrySet()) {
            ShareState state = Objects.requireNonNull(simulated.shard.state(entry.getKey()));
            assertThat(state.startOffset()).isBetween(entry.getValue(), asked.get(entry.getKey()));
        }
    }
}
