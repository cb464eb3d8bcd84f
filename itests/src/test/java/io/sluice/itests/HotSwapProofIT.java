package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every replaceable part is updated again and again under load, each time with a jar of a new version, and each time after
 * at least a thousand records were acknowledged since the last.
 */
class HotSwapProofIT {
    private static final int RECORDS_BETWEEN = 1_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.sluice.storage.segment",
                "io.sluice.transport.mina",
                "io.sluice.replication.local",
                "io.sluice.security.open",
                "io.sluice.handlers.produce",
                "io.sluice.coordinator.group"
            })
    void shouldLoseNothingWhenAPartIsUpdatedUnderLoad(String bundle) throws Exception {
        int updates = Proof.count("updates", 50);
        List<Long> stalls = new ArrayList<>();
        Path original = PluginJar.inDistribution(bundle);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "swapped", 4, Map.of());
            Load load = new Load(broker.bootstrap(), "swapped", 4).begin();
            try (Follower follower = new Follower(broker.bootstrap(), "swapped", "readers")) {
                for (int update = 1; update <= updates; update++) {
                    long target = load.total() + RECORDS_BETWEEN;
                    await().pollInterval(Duration.ofMillis(5))
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> load.total() >= target);
                    load.takeLongestGapMs();
                    String version = "0.1." + (1_000 + update);
                    Path jar = PluginJar.withVersion(original, version, folder);
                    broker.must("plugin:update", bundle, jar.toString(), "--yes");
                    assertThat(broker.must("plugin:list", "--json"))
                            .as("the new version's mark")
                            .contains(version);
                    long after = load.total() + 1;
                    await().pollInterval(Duration.ofMillis(5))
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> load.total() >= after);
                    stalls.add(load.takeLongestGapMs());
                    Files.delete(jar);
                }
                load.end();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> follower.read() >= load.total()
                                || !follower.errors().isEmpty());
                assertThat(follower.errors()).isEmpty();
            }
            long oldLoaders = LoaderCensus.retained(broker, bundle);
            Audit audit = Audit.of(broker.bootstrap(), load);
            Collections.sort(stalls);
            Proof.named("swap")
                    .with("part", bundle)
                    .with("updates", updates)
                    .with("acknowledged", load.total())
                    .with("read", audit.read())
                    .with("lost", audit.lost())
                    .with("duplicated", audit.duplicated())
                    .with("reordered", audit.reordered())
                    .with("errors", load.errors().size())
                    .with("stall_median_ms", stalls.get(stalls.size() / 2))
                    .with("stall_max_ms", stalls.get(stalls.size() - 1))
                    .with("old_loaders", oldLoaders)
                    .print();
            assertThat(load.errors()).isEmpty();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
            assertThat(oldLoaders)
                    .as("class loaders of old versions that were not collected")
                    .isLessThanOrEqualTo(1L);
        }
    }
}
