package io.sluice.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.RandomSource;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.runtime.Ledger.Caller;
import io.sluice.coordinator.runtime.Ledger.Entry;
import io.sluice.protocol.compress.CompressionType;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTimesTest {
    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(3L));
    private final SimulatedPartitions partitions = new SimulatedPartitions("ledger", 2, scheduler);
    private final CoordinatorRuntime<Ledger, Entry> runtime = new CoordinatorRuntime<Ledger, Entry>(
            new CoordinatorConfig("ledger", () -> 1_000, CompressionType.NONE, 400, 1_000L, 5_000, 2_000L),
            Ledger.SERDE,
            (partition, timers) -> new Ledger(timers),
            partitions,
            scheduler,
            scheduler);

    @Test
    void shouldTellHowLongLoadingTookInTheLastMinute() {
        runtime.start();
        assertThat(runtime.loadTimes().longestMs()).isNaN();
        partitions.elect(0, 1);
        scheduler.advance(1);
        assertThat(runtime.loadTimes().longestMs()).isZero();
        Caller caller = new Caller();
        runtime.submit(0, caller, (ledger, turn) -> turn.write(List.of(new Entry("a", "1"))));
        scheduler.advance(1);

        partitions.setAbsent(true);
        runtime.reload();
        scheduler.advance(200);
        partitions.setAbsent(false);
        scheduler.advance(50);

        assertThat(runtime.isActive(0)).isTrue();
        double longest = runtime.loadTimes().longestMs();
        assertThat(longest).isBetween(200.0, 250.0);
        assertThat(runtime.loadTimes().averageMs()).isEqualTo(longest / 2);
        scheduler.advance(61_000);
        assertThat(runtime.loadTimes().longestMs()).isNaN();
        assertThat(runtime.loadTimes().averageMs()).isNaN();
    }
}
