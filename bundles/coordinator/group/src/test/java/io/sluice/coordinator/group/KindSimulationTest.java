package io.sluice.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A kind that comes and goes while its groups are used, a coordinator that is replaced, and a log that fails; repeated from the seed. */
class KindSimulationTest {
    private static final int RUNS = 60;
    private static final int STEPS = 300;

    private int acknowledged;
    private int removals;

    @Test
    void shouldLoseNothingThatWasAcknowledged() {
        long first = Long.getLong("simulation.seed", 1L);
        for (long seed = first; seed < first + RUNS; seed++) {
            try {
                run(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(acknowledged).as("tallies that were acknowledged").isGreaterThan(RUNS * 10);
        assertThat(removals).as("removals of the kind").isGreaterThan(RUNS);
    }

    private record Attempt(String groupId, Pending<Integer> pending) {}

    private void run(long seed) {
        SimulatedGroups groups = new SimulatedGroups(seed);
        RandomSource random = groups.random();
        TallyKind kind = new TallyKind();
        boolean installed = false;
        List<Attempt> attempts = new ArrayList<>();
        Map<String, Integer> begun = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(100);
            if (dice < 4) {
                if (installed) {
                    groups.uninstall(kind);
                    removals++;
                    assertThat(kind.live).isEmpty();
                } else {
                    kind = new TallyKind();
                    groups.install(kind);
                }
                installed = !installed;
            } else if (dice < 6) {
                groups.restart();
            } else if (dice < 8) {
                groups.partitions.failNext(1, ErrorCode.KAFKA_STORAGE_ERROR, random.nextInt(2) == 0);
            } else if (dice < 10) {
                long delayMs = random.nextInt(2) * 20L;
                groups.partitions.commitAfter(() -> delayMs);
            } else if (dice < 40) {
                groups.scheduler.advance(random.nextInt(100));
            } else {
                String groupId = "group" + random.nextInt(3);
                begun.merge(groupId, 1, Integer::sum);
                attempts.add(new Attempt(groupId, tally(groups, kind, groupId)));
            }
        }
        if (!installed) {
            groups.install(kind);
        }
        groups.restart();
        groups.scheduler.advance(10_000);
        Map<String, Integer> highest = new HashMap<>();
        for (Attempt attempt : attempts) {
            assertThat(attempt.pending().isDone())
                    .as("everybody is told something")
                    .isTrue();
            if (attempt.pending().isAnswered()) {
                int count = attempt.pending().outcome();
                Integer before = highest.put(attempt.groupId(), count);
                assertThat(count).isGreaterThan(before == null ? 0 : before);
                acknowledged++;
            }
        }
        assertThat(kind.live).hasSize(1);
        highest.forEach((groupId, count) -> {
            int now = tallied(groups, groupId);
            assertThat(now).as(groupId).isBetween(count, begun.get(groupId));
        });
    }

    private static Pending<Integer> tally(SimulatedGroups groups, TallyKind kind, String groupId) {
        Pending<Integer> pending = new Pending<>();
        groups.submit(kind, 0, pending, (state, turn) -> state.tally(turn, groupId, pending));
        return pending;
    }

    private static int tallied(SimulatedGroups groups, String groupId) {
        return groups.ask(shard -> {
            TallyKind.Tallies state =
                    (TallyKind.Tallies) shard.kinds().all().get(0).state();
            return state.counts.getOrDefault(groupId, 0);
        });
    }
}
