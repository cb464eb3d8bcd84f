package io.sluice.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.broker.api.metrics.TopicTraffic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShownNowTest {
    private static TopicTraffic topic(String name, long bytes) {
        return new TopicTraffic(name, 0L, 0L, bytes, 0L, 0L, 0L, 0L, 0L);
    }

    private static Shown shown(String topics, String groups) {
        Map<String, String> config = Map.of("metrics.topics", topics, "metrics.groups", groups);
        return new ShownNow(
                        config::get,
                        () -> List.of(topic("quiet", 1L), topic("busy", 100L), topic("lively", 50L)),
                        () -> List.of("a", "b"))
                .look();
    }

    @Test
    void shouldShowAllUpToTheLimit() {
        Shown shown = shown("3", "all");
        assertThat(shown.topics()).isNull();
        assertThat(shown.topicsLeftOut()).isZero();
        assertThat(shown.group("anything")).isTrue();
    }

    @Test
    void shouldChooseTheTopicsWithTheMostTraffic() {
        Shown shown = shown("2", "1");
        assertThat(shown.topics()).containsExactlyInAnyOrder("busy", "lively");
        assertThat(shown.topicsLeftOut()).isEqualTo(1);
        assertThat(shown.groups()).containsExactly("a");
        assertThat(shown.groupsLeftOut()).isEqualTo(1);
    }

    @Test
    void shouldShowNone() {
        Shown shown = shown("none", "none");
        assertThat(shown.topics()).isEmpty();
        assertThat(shown.topicsLeftOut()).isEqualTo(3);
        assertThat(shown.group("a")).isFalse();
    }
}
