package io.sluice.admin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.api.HealthCheck;
import io.sluice.admin.api.HealthCheck.Finding;
import io.sluice.broker.api.PartRegistries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PagesTest {
    private final List<HealthCheck> checks = new ArrayList<>();
    private boolean started = true;
    private String listener = "Open";
    private String engine = "Open";
    private String produce = "Open";
    private String share = "Open";
    private final Set<String> used = new HashSet<>();
    private long nowMs;

    private final PartRegistries parts = new PartRegistries() {
        @Override
        public List<Part> parts() {
            return List.of(
                    part("engine", "segment", engine),
                    new Part("transport", "PLAINTEXT", listener, "b", "1", "it is being \"updated\"", 1L, 0, Map.of()),
                    part("handler", "Produce", produce),
                    part("handler", "ShareFetch", share));
        }

        @Override
        public void forget(String bundle) {}
    };

    private final Pages pages = new Pages(
            () -> "a 1\n", new Readiness(() -> started, parts, () -> used), new Findings(checks, () -> nowMs));

    private static PartRegistries.Part part(String kind, String name, String state) {
        return new PartRegistries.Part(kind, name, state, "b", "1", "it is away", 1L, 0, Map.of());
    }

    private Page at(String path) {
        return pages.at(path);
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
    void shouldNotBeReadyWithoutWhatAProduceNeeds() {
        engine = "Absent";
        assertThat(at("/ready").status()).isEqualTo(200); // nobody has anything in it
        used.add("segment");
        assertThat(at("/ready").body()).contains("engine segment is not open: it is away");
        engine = "Open";
        produce = "Closing";
        assertThat(at("/ready").body()).contains("handler Produce is not open: it is away");
        produce = "Open";
        share = "Absent";
        assertThat(at("/ready").status()).isEqualTo(200);
    }

    @Test
    void shouldAnswerAtOnceWhatWasFoundWhileOneLooks() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        checks.add(() -> {
            if (looks.incrementAndGet() == 2) {
                begun.countDown();
                Uninterruptibles.await(goOn);
            }
            return List.of(Finding.error("look", "number " + looks.get(), "none"));
        });
        assertThat(at("/health").body()).contains("number 1");
        nowMs += Findings.FRESH_MS - 1L;
        assertThat(at("/health").body()).contains("number 1");
        nowMs++;
        CompletableFuture<Page> slow = CompletableFuture.supplyAsync(() -> at("/health"));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(at("/health").body()).contains("number 1");
        goOn.countDown();
        assertThat(slow.get(20, TimeUnit.SECONDS).body()).contains("number 2");
        assertThat(at("/health").body()).contains("number 2");
        assertThat(looks).hasValue(2);
    }

    @Test
    void shouldLetFewScrapeAtATime() throws Exception {
        CountDownLatch begun = new CountDownLatch(Pages.SCRAPING_MAX);
        CountDownLatch goOn = new CountDownLatch(1);
        Pages slow = new Pages(
                () -> {
                    begun.countDown();
                    Uninterruptibles.await(goOn);
                    return "a 1\n";
                },
                new Readiness(() -> started, parts, () -> used),
                new Findings(checks, () -> nowMs));
        ExecutorService threads = Executors.newFixedThreadPool(Pages.SCRAPING_MAX);
        try {
            List<Future<Page>> scrapes = new ArrayList<>();
            for (int i = 0; i < Pages.SCRAPING_MAX; i++) {
                scrapes.add(threads.submit(() -> slow.at("/metrics")));
            }
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(slow.at("/metrics").status()).isEqualTo(503);
            assertThat(slow.at("/ready").status()).isEqualTo(200);
            goOn.countDown();
            for (Future<Page> scrape : scrapes) {
                assertThat(scrape.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
            assertThat(slow.at("/metrics").status()).isEqualTo(200);
        } finally {
            goOn.countDown();
            threads.shutdown();
        }
    }

    /** Waiting in places that may throw nothing. */
    private static final class Uninterruptibles {
        static void await(CountDownLatch latch) {
            try {
                latch.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void shouldTellWhatTheDoctorFinds() {
        assertThat(at("/health").body()).isEqualTo("{\"status\":\"up\",\"problems\":[],\"more\":0}\n");
        nowMs += Findings.FRESH_MS;
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
