package io.sluice.coordinator.group;

import static io.sluice.coordinator.group.SimulatedGroups.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.TopicPartition;
import io.sluice.coordinator.group.offset.OffsetTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random histories of commits, transactions and removals, against a model that reads them from the beginning each time. */
class PendingHistoryTest {
    private static final int TOPICS = 3;
    private static final int PRODUCERS = 3;

    private enum Kind {
        COMMIT,
        PENDING,
        END_COMMIT,
        END_ABORT,
        REMOVAL
    }

    private record Entry(Kind kind, long producerId, String topic, long offset) {}

    /** What a history comes to: the last offset that counts, of those after the last removal. */
    private record Model(List<Entry> history) {
        long committed(String topic) {
            for (int i = history.size() - 1; i >= 0; i--) {
                Entry entry = history.get(i);
                if (entry.kind() == Kind.REMOVAL) {
                    return -1L;
                }
                boolean counts =
                        entry.kind() == Kind.COMMIT || (entry.kind() == Kind.PENDING && endOf(i) == Kind.END_COMMIT);
                if (counts && entry.topic().equals(topic)) {
                    return entry.offset();
                }
            }
            return -1L;
        }

        boolean isPending(String topic) {
            for (int i = history.size() - 1; i >= 0 && history.get(i).kind() != Kind.REMOVAL; i--) {
                Entry entry = history.get(i);
                if (entry.kind() == Kind.PENDING && entry.topic().equals(topic) && endOf(i) == null) {
                    return true;
                }
            }
            return false;
        }

        private @Nullable Kind endOf(int index) {
            for (int i = index + 1; i < history.size(); i++) {
                Entry entry = history.get(i);
                boolean isEnd = entry.kind() == Kind.END_COMMIT || entry.kind() == Kind.END_ABORT;
                if (isEnd && entry.producerId() == history.get(index).producerId()) {
                    return entry.kind();
                }
            }
            return null;
        }
    }

    @Test
    void shouldComeToWhatTheModelSays() {
        long first = Long.getLong("simulation.seed", 1L);
        for (long seed = first; seed < first + 60; seed++) {
            try {
                follow(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void follow(long seed) {
        SimulatedGroups groups = new SimulatedGroups(seed);
        RandomSource random = groups.random();
        List<Entry> history = new ArrayList<>();
        Model model = new Model(history);
        for (int step = 0; step < 120; step++) {
            long producerId = random.nextInt(PRODUCERS);
            String topic = "topic" + random.nextInt(TOPICS);
            int dice = random.nextInt(100);
            if (dice < 25) {
                assertThat(groups.commit("", -1, topic, step)).isEqualTo(ErrorCode.NONE);
                history.add(new Entry(Kind.COMMIT, -1L, topic, step));
            } else if (dice < 65) {
                assertThat(groups.commitPending(producerId, "", -1, topic, step))
                        .isEqualTo(ErrorCode.NONE);
                history.add(new Entry(Kind.PENDING, producerId, topic, step));
            } else if (dice < 90) {
                boolean committed = random.nextInt(2) == 0;
                assertThat(groups.end(producerId, committed)).isEqualTo(ErrorCode.NONE);
                history.add(new Entry(committed ? Kind.END_COMMIT : Kind.END_ABORT, producerId, "", step));
            } else if (dice < 95) {
                Pending<ErrorCode> deleted = new Pending<>();
                groups.submit(deleted, (shard, turn) -> shard.removals().deleteGroup(turn, GROUP, deleted));
                groups.scheduler.runUntilIdle();
                if (deleted.outcome() == ErrorCode.NONE) {
                    history.add(new Entry(Kind.REMOVAL, -1L, "", step));
                }
            } else {
                groups.restart();
            }
            for (int i = 0; i < TOPICS; i++) {
                String checked = "topic" + i;
                assertThat(groups.committed(checked))
                        .as(checked + " after " + history)
                        .isEqualTo(model.committed(checked));
                assertThat(groups.fetched(checked, true).errorCode() != 0)
                        .as(checked + " is pending after " + history)
                        .isEqualTo(model.isPending(checked));
            }
        }
    }

    /** With failures nobody knows the history but the log: what the coordinator has must be what it would read. */
    @Test
    void shouldHaveWhatTheLogSaysWhateverFails() {
        long first = Long.getLong("simulation.seed", 1L);
        for (long seed = first; seed < first + 60; seed++) {
            try {
                disturb(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static void disturb(long seed) {
        SimulatedGroups groups = new SimulatedGroups(seed);
        RandomSource random = groups.random();
        List<Pending<?>> callers = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            long producerId = random.nextInt(PRODUCERS);
            String topic = "topic" + random.nextInt(TOPICS);
            int dice = random.nextInt(100);
            if (dice < 20) {
                callers.add(groups.commit(SimulatedGroups.commitRequest("", -1, topic, step), 8));
            } else if (dice < 50) {
                callers.add(groups.beginCommit(SimulatedGroups.pendingRequest(producerId, "", -1, topic, step), 5));
            } else if (dice < 70) {
                callers.add(groups.beginEnd(producerId, random.nextInt(2) == 0));
            } else if (dice < 80) {
                ErrorCode error = random.nextInt(2) == 0 ? ErrorCode.REQUEST_TIMED_OUT : ErrorCode.KAFKA_STORAGE_ERROR;
                groups.partitions.failNext(1, error, error == ErrorCode.REQUEST_TIMED_OUT && random.nextInt(2) == 0);
            } else if (dice < 84) {
                long delayMs = random.nextInt(2) * 20L;
                groups.partitions.commitAfter(() -> delayMs);
            } else if (dice < 86) {
                groups.restart();
            } else {
                groups.scheduler.advance(random.nextInt(60));
            }
        }
        groups.scheduler.advance(10_000);
        assertThat(callers).allMatch(Pending::isDone);
        OffsetTable live = groups.ask(GroupShard::offsets);
        OffsetTable read = groups.replayed().offsets();
        assertThat(live.of(GROUP)).isEqualTo(read.of(GROUP));
        for (int i = 0; i < TOPICS; i++) {
            TopicPartition partition = new TopicPartition("topic" + i, 0);
            assertThat(live.isPending(GROUP, partition)).isEqualTo(read.isPending(GROUP, partition));
        }
    }
}
