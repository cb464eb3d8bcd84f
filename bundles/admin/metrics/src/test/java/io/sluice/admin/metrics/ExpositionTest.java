package io.sluice.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.broker.api.metrics.LatencyHistogram;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    private final Exposition exposition = new Exposition(Shown.ALL);

    @Test
    void shouldWriteEachFamilyOnceWithHelpAndType() {
        exposition.counter("a_total", "Things.", 1, "topic", "x");
        exposition.gauge("b", "Others.", 0.25);
        exposition.counter("a_total", "Things.", 2, "topic", "y");
        assertThat(exposition.text())
                .isEqualTo(
                        "# HELP a_total Things.\n# TYPE a_total counter\na_total{topic=\"x\"} 1\na_total{topic=\"y\"} 2\n"
                                + "# HELP b Others.\n# TYPE b gauge\nb 0.25\n");
    }

    @Test
    void shouldEscapeWhatWouldEndALabel() {
        exposition.gauge("a", "A\nline \\.", 1, "group", "say \"hi\"\\\n");
        assertThat(exposition.text())
                .contains("# HELP a A\\nline \\\\.\n")
                .contains("a{group=\"say \\\"hi\\\"\\\\\\n\"} 1\n");
    }

    @Test
    void shouldAddUpTopicsThatAreNotShown() {
        Exposition few = new Exposition(new Shown(Set.of("big"), null, 2, 0));
        for (String topic : new String[] {"big", "small", "smaller"}) {
            few.gauge("lag", "Lag.", 5, "group", "g", "topic", topic, "partition", topic.equals("small") ? "1" : "0");
        }
        assertThat(few.text())
                .contains("lag{group=\"g\",topic=\"big\",partition=\"0\"} 5\n")
                .contains("lag{group=\"g\",topic=\"_other\",partition=\"_other\"} 10\n")
                .doesNotContain("small");
    }

    @Test
    void shouldWriteLatenciesAsCumulativeBuckets() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(1_000_000L);
        histogram.record(40_000_000L);
        histogram.record(20_000_000_000L);
        exposition.latency("d_seconds", "Time.", histogram.snapshot(), "api", "Fetch");
        assertThat(exposition.text())
                .contains("# TYPE d_seconds histogram\n")
                .contains("d_seconds_bucket{api=\"Fetch\",le=\"5.0E-4\"} 0\n")
                .contains("d_seconds_bucket{api=\"Fetch\",le=\"0.001\"} 1\n")
                .contains("d_seconds_bucket{api=\"Fetch\",le=\"0.05\"} 2\n")
                .contains("d_seconds_bucket{api=\"Fetch\",le=\"10\"} 2\n")
                .contains("d_seconds_bucket{api=\"Fetch\",le=\"+Inf\"} 3\n")
                .contains("d_seconds_sum{api=\"Fetch\"} 20.041\n")
                .contains("d_seconds_count{api=\"Fetch\"} 3\n");
    }

    @Test
    void shouldLeaveOutAndCountWhatIsTooMuch() {
        for (int i = 0; i < Exposition.SERIES_MAX + 3; i++) {
            exposition.gauge("many", "Many.", i, "id", Integer.toString(i));
        }
        assertThat(exposition.leftOut()).isEqualTo(3L);
    }

    @Test
    void shouldRefuseWhatPrometheusCannotRead() {
        assertThatThrownBy(() -> exposition.gauge("a-b", "", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> exposition.gauge("a", "", 1, "topic")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> exposition.gauge("a", "", 1, "to pic", "x"))
                .isInstanceOf(IllegalArgumentException.class);
        exposition.gauge("c", "", 1);
        assertThatThrownBy(() -> exposition.counter("c", "", 1)).hasMessageContaining("gauge already");
    }
}
