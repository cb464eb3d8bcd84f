package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Produce, consume, compaction, retention, migration and swaps at once: {@code mvn verify -Psoak}, of ten minutes or {@code -Dsoak.seconds}.
 * Nothing is lost, and memory and file handles are flat. In less than two minutes a broker is still warming up: then memory is only told.
 */
@EnabledIfSystemProperty(named = "soak.seconds", matches = "[0-9]+")
class SoakIT {
    private static final long SECONDS_FOR_MEMORY = 120L;
    private static final long SECONDS_OF_SABOTAGE = 12L;

    @TempDir
    Path folder;

    @Test
    void shouldStayFlatAndLoseNothingWhileEverythingHappensAtOnce() throws Exception {
        long seconds = Long.getLong("soak.seconds");
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"), Soak.settings())) {
            Soak soak = new Soak(broker, folder, seconds);
            soak.run();
            tell("soak", "", soak, seconds);
            assertThat(soak.errors()).isEmpty();
            assertThat(soak.isWhole()).as("nothing is lost").isTrue();
            assertThat(soak.moves()).isPositive();
            assertThat(soak.updates()).isPositive();
            assertThat(soak.vitals().areHandlesFlat())
                    .as("file handles are flat")
                    .isTrue();
            if (seconds >= SECONDS_FOR_MEMORY) {
                assertThat(soak.vitals().isMemoryFlat()).as("memory is flat").isTrue();
            }
        }
    }

    @Test
    void shouldFindThatHandlesLeak() throws Exception {
        try (BrokerProcess broker =
                BrokerProcess.startSabotaged("leak-handles", folder.resolve("data"), Soak.settings())) {
            Soak soak = new Soak(broker, folder, SECONDS_OF_SABOTAGE);
            soak.run();
            tell("sabotage", "leak-handles", soak, SECONDS_OF_SABOTAGE);
            assertThat(soak.vitals().areHandlesFlat())
                    .as("the handles of a sabotaged broker")
                    .isFalse();
        }
    }

    private static void tell(String name, String kind, Soak soak, long seconds) {
        Vitals vitals = soak.vitals();
        Proof proof = Proof.named(name);
        if (!kind.isEmpty()) {
            proof.with("kind", kind);
        }
        proof.with("seconds", seconds)
                .with("acknowledged", soak.acknowledged())
                .with("followed", soak.followed())
                .with("keyed", soak.keyed())
                .with("keyed_left", soak.keys().records())
                .with("wrong_keys", soak.keys().wrongKeys())
                .with("moves", soak.moves())
                .with("updates", soak.updates())
                .with("errors", soak.errors().size())
                .with("rss_early_mb", rounded(vitals.earlyMb()))
                .with("rss_late_mb", rounded(vitals.lateMb()))
                .with("rss_mb_per_minute", rounded(vitals.mbPerMinute()))
                .with("handles_early", (long) vitals.earlyHandles())
                .with("handles_late", (long) vitals.lateHandles())
                .with("samples", vitals.count())
                .print();
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
