package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.broker.api.metrics.PartSwaps;
import org.junit.jupiter.api.Test;

class SwapTimesTest {
    private final SwapTimes times = new SwapTimes();

    @Test
    void shouldNotCountTheFirstOpening() {
        times.opened(5L);
        assertThat(times.snapshot("engine", "segment", true))
                .isEqualTo(new PartSwaps("engine", "segment", true, 0L, 0L, 0L, 0L));
    }

    @Test
    void shouldMeasureFromTheLeavingToTheOpening() {
        times.opened(5L);
        times.left(100L);
        times.left(120L); // told twice
        times.opened(150L);
        times.left(200L);
        times.opened(210L);
        assertThat(times.snapshot("engine", "segment", true))
                .isEqualTo(new PartSwaps("engine", "segment", true, 2L, 10L, 50L, 60L));
    }
}
