package io.sluice.admin.provision;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.Time;
import io.sluice.broker.api.PartRegistries;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

final class PartHealthTest {
    @TempDir
    private Path directory;

    private final Deque<List<PartRegistries.Part>> looks = new ArrayDeque<>();
    private final List<String> forgotten = new ArrayList<>();
    private final PartRegistries registries = new PartRegistries() {
        @Override
        public List<Part> parts() {
            return looks.size() > 1 ? looks.remove() : looks.element();
        }

        @Override
        public void forget(String bundle) {
            forgotten.add(bundle);
        }
    };
    private FrameworkFixture fixture;
    private Bundle bundle;
    private PartHealth health;

    @BeforeEach
    void open() throws Exception {
        fixture = new FrameworkFixture(directory);
        bundle = fixture.shipped(TestJars.bundle("x.engine", "2.0.0"), "engine.jar");
        health = new PartHealth(
                new BundleDiagnosis(fixture.bundles(), () -> null, () -> registries), new ClockThatRuns());
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private static List<PartRegistries.Part> part(String state, String version, String reason) {
        return List.of(new PartRegistries.Part("engine", "x", state, "x.engine", version, reason, 1L, 0, Map.of()));
    }

    @Test
    void shouldWaitUntilTheNewVersionHoldsWhatTheOldOneHeld() {
        looks.add(part("Closing", "1.0.0", ""));
        looks.add(part("Absent", "1.0.0", ""));
        looks.add(part("Opening", "2.0.0", ""));
        looks.add(part("Opening", "2.0.0", ""));
        looks.add(part("Open", "2.0.0", ""));

        assertThat(health.awaitFailure(bundle, List.of("engine x"))).isNull();
        assertThat(health.roles(bundle)).containsExactly("engine x");
    }

    @Test
    void shouldSayWhyTheNewVersionDidNotOpen() {
        looks.add(part("Failed", "2.0.0", "the disk is full"));

        assertThat(health.awaitFailure(bundle, List.of("engine x")))
                .isEqualTo("engine x did not open: the disk is full");
        assertThat(health.isWell(bundle)).isFalse();
    }

    @Test
    void shouldGiveUpWhenARoleIsNotTakenAgain() {
        looks.add(List.of());

        assertThat(health.awaitFailure(bundle, List.of("engine x"))).isEqualTo("engine x did not open within 8 s");
    }

    @Test
    void shouldTellTheKernelOfWhatWasRemovedForGood() {
        health.forget("x.engine");
        assertThat(forgotten).containsExactly("x.engine");
    }

    /** A second passes with each look at it. */
    private static final class ClockThatRuns implements Time {
        private long now;

        @Override
        public long milliseconds() {
            now += 1_000L;
            return now;
        }

        @Override
        public long nanoseconds() {
            return now * 1_000_000L;
        }
    }
}
