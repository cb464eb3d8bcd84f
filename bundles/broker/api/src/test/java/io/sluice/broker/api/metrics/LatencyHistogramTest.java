package io.sluice.broker.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    private static final long MS = 1_000_000L;

    private final LatencyHistogram histogram = new LatencyHistogram();

    @Test
    void shouldCountUpToItsBoundsExactly() {
        histogram.record(MS);
        histogram.record(MS + 1L);
        histogram.record(2L * MS);
        LatencySnapshot snapshot = histogram.snapshot();
        assertThat(snapshot.countUpTo(MS)).isEqualTo(1L);
        assertThat(snapshot.countUpTo(2L * MS)).isEqualTo(3L);
        assertThat(snapshot.count()).isEqualTo(3L);
        assertThat(snapshot.sumNanos()).isEqualTo(4L * MS + 1L);
    }

    @Test
    void shouldGiveQuantilesWithinABucket() {
        for (int i = 1; i <= 1_000; i++) {
            histogram.record(i * MS);
        }
        LatencySnapshot snapshot = histogram.snapshot();
        assertThat(snapshot.quantileNanos(0.5)).isCloseTo(500.0 * MS, within(20.0 * MS));
        assertThat(snapshot.quantileNanos(0.99)).isCloseTo(990.0 * MS, within(100.0 * MS));
        assertThat(new LatencyHistogram().snapshot().quantileNanos(0.5)).isZero();
    }

    @Test
    void shouldTellWhatCameSinceAnEarlierSnapshot() {
        histogram.record(MS);
        LatencySnapshot earlier = histogram.snapshot();
        histogram.record(30L * MS);
        LatencySnapshot since = histogram.snapshot().since(earlier);
        assertThat(since.count()).isEqualTo(1L);
        assertThat(since.sumNanos()).isEqualTo(30L * MS);
        assertThat(since.plus(earlier).count()).isEqualTo(2L);
        assertThat(since.plus(earlier).sumNanos())
                .isEqualTo(histogram.snapshot().sumNanos());
    }

    @Property
    void shouldPutEachDurationIntoOneBucket(@ForAll @LongRange(min = -5L) long nanos) {
        LatencyHistogram one = new LatencyHistogram();
        one.record(nanos);
        assertThat(one.snapshot().count()).isEqualTo(1L);
        assertThat(one.snapshot().sumNanos()).isEqualTo(Math.max(0L, nanos));
    }
}
