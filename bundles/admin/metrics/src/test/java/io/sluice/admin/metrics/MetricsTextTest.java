package io.sluice.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.broker.api.metrics.MetricSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MetricsTextTest {
    private final List<MetricSource> others = new ArrayList<>();
    private final AtomicReference<Shown> shown = new AtomicReference<>(Shown.ALL);
    private final MetricsText text = new MetricsText(
            List.of(sink -> sink.gauge("own", "Own.", 1, "topic", "b")),
            others,
            () -> new Shown(Set.of("a"), null, 4, 0),
            shown);

    @Test
    void shouldAskEverySourceThatIsThere() {
        MetricSource plugin = sink -> sink.counter("plugin_total", "A plugin's.", 2);
        others.add(plugin);
        assertThat(text.render())
                .contains("own{topic=\"_other\"} 1\n")
                .contains("plugin_total 2\n")
                .contains("sluice_metrics_left_out{what=\"topics\"} 4\n")
                .contains("sluice_metrics_sources_failed 0\n");
        assertThat(shown.get().topicsLeftOut()).isEqualTo(4);
        others.remove(plugin);
        assertThat(text.render()).doesNotContain("plugin_total");
    }

    @Test
    void shouldShowTheOthersWhenOneFails() {
        others.add(sink -> {
            sink.gauge("said", "Said before.", 1);
            throw new IllegalStateException("on purpose");
        });
        others.add(sink -> sink.gauge("own", "Of another kind of source.", 1, "no value"));
        assertThat(text.render())
                .contains("said 1\n")
                .contains("own{topic=\"_other\"} 1\n")
                .contains("sluice_metrics_sources_failed 2\n");
    }
}
