package io.sluice.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members that come, go and crash, a coordinator that is replaced, and a log that is slow and fails, under one clock; repeated from its seed. */
class GroupSimulationTest {
    private static final int RUNS = 150;
    private static final int STEPS = 600;
    private static final int CLIENTS_MAX = 6;

    private int assignments;
    private int acknowledgements;

    @Test
    void shouldHoldItsPromisesWhateverHappens() {
        long first = Long.getLong("simulation.seed", 1L);
        for (long seed = first; seed < first + RUNS; seed++) {
            try {
                run(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(assignments).as("assignments that were given").isGreaterThan(RUNS);
        assertThat(acknowledgements).as("commits that were acknowledged").isGreaterThan(RUNS);
    }

    private void run(long seed) {
        SimulatedGroups groups = new SimulatedGroups(seed);
        RandomSource random = groups.random();
        GroupInvariants invariants = new GroupInvariants(groups);
        groups.scheduler.afterEach(invariants::check);
        List<SimulatedClient> clients = new ArrayList<>();
        int names = 0;
        for (int step = 0; step < STEPS; step++) {
            int dice = random.nextInt(100);
            if (dice < 4 && clients.size() < CLIENTS_MAX) {
                String instance = random.nextInt(3) == 0 ? "instance" + random.nextInt(2) : null;
                clients.add(new SimulatedClient(groups, invariants, "topic" + names++, instance));
            } else if (dice < 6 && !clients.isEmpty()) {
                clients.remove(random.nextInt(clients.size()));
            } else if (dice < 8 && !clients.isEmpty()) {
                clients.remove(random.nextInt(clients.size())).leave();
            } else if (dice < 9) {
                groups.restart();
            } else if (dice < 10) {
                groups.partitions.failNext(1, ErrorCode.KAFKA_STORAGE_ERROR, random.nextInt(2) == 0);
            } else if (dice < 12) {
                long delayMs = random.nextInt(2) * 20L;
                groups.partitions.commitAfter(() -> delayMs);
            } else if (dice < 30) {
                groups.scheduler.advance(random.nextInt(10) == 0 ? 12_000 : random.nextInt(400));
            } else if (!clients.isEmpty()) {
                clients.get(random.nextInt(clients.size())).step();
            }
            groups.scheduler.runUntilIdle();
        }
        groups.restart();
        groups.scheduler.advance(1_000);
        invariants.check();
        assignments += invariants.assignments;
        acknowledgements += invariants.acknowledgements;
    }
}
