package io.sluice.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.api.HealthCheck.Finding;
import io.sluice.broker.api.PartRegistries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final List<HealthCheck> checks = new ArrayList<>();
    private boolean started = true;
    private String listener = "Open";

    private final PartRegistries parts = new PartRegistries() {
        @Override
        public List<Part> parts() {
            return List.of(
                    new Part("transport", "PLAINTEXT", listener, "b", "1", "it is being \"updated\"", 1L, 0, Map.of()));
        }

        @Override
        public void forget(String bundle) {}
    };

    private Page at(String path) {
        return new Pages(() -> "a 1\n", new Readiness(() -> started, parts), checks).at(path);
    }

    @Test
    void shouldBeReadyOnceStartedWithItsListenersOpen() {
        assertThat(at("/ready")).isEqualTo(Page.json(200, "OK", "{\"ready\":true}"));
        listener = "Opening";
        assertThat(at("/ready").status()).isEqualTo(503);
        assertThat(at("/ready").body()).contains("listener PLAINTEXT is not open: it is being \\\"updated\\\"");
        started = false;
        assertThat(at("/ready").body()).contains("the broker is starting");
    }

    @Test
    void shouldTellWhatTheDoctorFinds() {
        assertThat(at("/health").body()).isEqualTo("{\"status\":\"up\",\"problems\":[],\"more\":0}\n");
        for (int i = 0; i < 60; i++) {
            checks.add(() -> List.of(Finding.error("disk", "it is full", "make room")));
        }
        checks.set(0, () -> {
            throw new IllegalStateException("on purpose");
        });
        Page page = at("/health");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body())
                .contains("this check failed")
                .contains(
                        "{\"severity\":\"error\",\"about\":\"disk\",\"problem\":\"it is full\",\"fix\":\"make room\"}")
                .contains("\"more\":10}");
    }

    @Test
    void shouldNameThePathsThatThereAre() {
        assertThat(at("/metrics").body()).isEqualTo("a 1\n");
        assertThat(at("/").status()).isEqualTo(404);
        assertThat(at("/").body()).contains("/metrics, /health and /ready");
    }
}
