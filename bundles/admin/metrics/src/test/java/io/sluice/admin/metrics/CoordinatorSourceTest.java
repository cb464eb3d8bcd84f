package io.sluice.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.broker.api.metrics.CoordinatorLoads;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CoordinatorSourceTest {
    private record Loads(String coordinator, double longestLoadMs, double averageLoadMs) implements CoordinatorLoads {}

    @Test
    void shouldShowCoordinatorsThatHaveLoadedSomethingLately() {
        MetricsText text = new MetricsText(
                List.of(new CoordinatorSource(
                        List.of(new Loads("transaction", 1_500.0, 250.0), new Loads("group", Double.NaN, Double.NaN)))),
                List.of(),
                () -> Shown.ALL,
                new AtomicReference<>(Shown.ALL));

        assertThat(text.render())
                .contains("sluice_coordinator_load_longest_seconds{coordinator=\"transaction\"} 1.5\n")
                .contains("sluice_coordinator_load_average_seconds{coordinator=\"transaction\"} 0.25\n")
                .doesNotContain("coordinator=\"group\"");
    }
}
