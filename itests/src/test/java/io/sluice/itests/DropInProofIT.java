package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is dropped into {@code deploy/} takes part within seconds: a new version of an engine, and an engine that was gone. */
class DropInProofIT {
    @TempDir
    Path folder;

    @Test
    void shouldUpdateAnEngineByDropWhileRecordsFlow() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "dropped", 2, Map.of());
            Load load = new Load(broker.bootstrap(), "dropped", 2).begin();
            awaitMore(load, 1_000);
            Path jar = PluginJar.withVersion(PluginJar.inDistribution("io.sluice.storage.segment"), "0.1.77", folder);
            drop(jar, broker.data().resolve("deploy"));
            long begun = System.nanoTime();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> broker.must("plugin:list", "--json").contains("0.1.77"));
            long seconds = (System.nanoTime() - begun) / 1_000_000_000L;
            awaitMore(load, 1_000);
            load.end();
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("drop")
                    .with("seconds", seconds)
                    .with("acknowledged", load.total())
                    .with("lost", audit.lost())
                    .with("duplicated", audit.duplicated())
                    .with("stall_ms", load.takeLongestGapMs())
                    .print();
            assertThat(load.errors()).isEmpty();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
        }
    }

    @Test
    void shouldUseAnEngineThatWasDroppedInForANewTopic() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            broker.must("plugin:remove", "io.sluice.storage.memory", "--yes");
            assertThat(broker.must("engine:list")).doesNotContain("memory");
            drop(
                    PluginJar.withVersion(PluginJar.inDistribution("io.sluice.storage.memory"), "0.1.78", folder),
                    broker.data().resolve("deploy"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> broker.must("engine:list").contains("memory"));
            Clients.createTopic(broker.bootstrap(), "in-memory", 1, Map.of("storage.engine", "memory"));
            Load load = new Load(broker.bootstrap(), "in-memory", 1).begin();
            awaitMore(load, 500);
            load.end();
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("new-engine")
                    .with("acknowledged", load.total())
                    .with("lost", audit.lost())
                    .print();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
            try (Admin admin = Clients.admin(broker.bootstrap())) {
                assertThat(admin.listTopics().names().get()).contains("in-memory");
            }
        }
    }

    private static void awaitMore(Load load, int records) {
        long target = load.total() + records;
        await().pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(30))
                .until(() -> load.total() >= target);
    }

    private static void drop(Path jar, Path deploy) throws Exception {
        Path hidden = deploy.resolve("." + jar.getFileName());
        Files.copy(jar, hidden);
        Files.move(hidden, deploy.resolve(jar.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
}
