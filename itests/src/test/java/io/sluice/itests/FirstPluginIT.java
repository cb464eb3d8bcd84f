package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that was compiled against the first API, and never since, works with the broker of today. */
class FirstPluginIT {
    private static final String JAR = "first-engine-1.0.0.jar";

    @TempDir
    Path folder;

    @Test
    void shouldServeATopicFromAnEngineOfTheFirstApi() throws Exception {
        Path jar = Path.of("src/fixtures/first-engine", JAR).toAbsolutePath();
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            assertThat(broker.must("engine:list")).doesNotContain("first");
            Path hidden = Files.copy(jar, broker.data().resolve("deploy/." + JAR));
            Files.move(hidden, broker.data().resolve("deploy").resolve(JAR), StandardCopyOption.ATOMIC_MOVE);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> broker.must("engine:list").contains("first"));

            Clients.createTopic(broker.bootstrap(), "of-the-first", 2, Map.of("storage.engine", "first"));
            Load load = new Load(broker.bootstrap(), "of-the-first", 2).begin();
            await().atMost(Duration.ofSeconds(30)).until(() -> load.total() >= 500);
            load.end();
            Audit audit = Audit.of(broker.bootstrap(), load);
            String why = broker.must("plugin:list");
            Proof.named("first-plugin")
                    .with("acknowledged", load.total())
                    .with("lost", audit.lost())
                    .with("duplicated", audit.duplicated())
                    .print();

            assertThat(load.errors()).isEmpty();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
            assertThat(why).contains("org.example.firstengine");
            assertThat(broker.must("topic:describe", "of-the-first")).contains("first");
        }
    }
}
