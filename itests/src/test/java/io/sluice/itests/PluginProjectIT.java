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

/**
 * What {@code plugin:new} writes is a plugin: outside the tree it builds offline and passes its kit, serves a topic when it is dropped in,
 * and is replaced by its next version under load. Its kit finds a store that loses a batch.
 */
class PluginProjectIT {
    private static final String BUNDLE = "org.example.ledger";
    private static final int KIT_TESTS_MIN = 50;

    @TempDir
    Path folder;

    @Test
    void shouldBuildServeAndReplaceAGeneratedEngine() throws Exception {
        Path project = folder.resolve("ledger");
        try (MavenBuild maven = MavenBuild.in(folder.resolve("m2"));
                BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            broker.must("plugin:new", "storage", "ledger", "--dir", project.toString());
            long begin = System.nanoTime();
            MavenBuild.Result built = maven.run(project, "verify");
            long buildMs = (System.nanoTime() - begin) / 1_000_000L;
            assertThat(built.exitCode()).as(built.output()).isZero();
            assertThat(built.tests()).isGreaterThanOrEqualTo(KIT_TESTS_MIN);
            assertThat(built.failed()).isZero();

            drop(broker, project.resolve("target/" + BUNDLE + "-1.0.0.jar"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> broker.must("engine:list").contains("ledger"));
            Clients.createTopic(broker.bootstrap(), "kept-by-ledger", 2, Map.of("storage.engine", "ledger"));
            Load load = new Load(broker.bootstrap(), "kept-by-ledger", 2).begin();
            awaitTotal(load, 500);

            Path pom = project.resolve("pom.xml");
            Files.writeString(
                    pom, Files.readString(pom).replace("<version>1.0.0</version>", "<version>1.1.0</version>"));
            MavenBuild.Result rebuilt = maven.run(project, "package", "-DskipTests");
            assertThat(rebuilt.exitCode()).as(rebuilt.output()).isZero();
            awaitTotal(load, load.total() + 500);
            load.takeLongestGapMs();
            drop(broker, project.resolve("target/" + BUNDLE + "-1.1.0.jar"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> broker.must("plugin:why", BUNDLE).contains("1.1.0 runs and holds engine ledger"));
            awaitTotal(load, load.total() + 500);
            long stallMs = load.takeLongestGapMs();
            load.end();
            long oldLoaders = LoaderCensus.retained(broker, BUNDLE);
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("plugin-project")
                    .with("kit_tests", built.tests())
                    .with("build_ms", buildMs)
                    .with("acknowledged", load.total())
                    .with("read", audit.read())
                    .with("lost", audit.lost())
                    .with("duplicated", audit.duplicated())
                    .with("reordered", audit.reordered())
                    .with("errors", load.errors().size())
                    .with("stall_ms", stallMs)
                    .with("old_loaders", oldLoaders)
                    .print();
            assertThat(load.errors()).isEmpty();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
            assertThat(audit.read()).isGreaterThanOrEqualTo(load.total());
            assertThat(oldLoaders).isLessThanOrEqualTo(1L);
            assertThat(broker.must("topic:describe", "kept-by-ledger")).contains("ledger");
        }
    }

    /** A broker without a listener, until the transport that it asks for has been made. */
    @Test
    void shouldServeClientsByAGeneratedTransport() throws Exception {
        Path project = folder.resolve("wire");
        try (MavenBuild maven = MavenBuild.in(folder.resolve("m2"));
                BrokerProcess broker = BrokerProcess.start(folder.resolve("data"), "transport.type=wire")) {
            broker.must("plugin:new", "transport", "wire", "--dir", project.toString());
            MavenBuild.Result built = maven.run(project, "verify", "-Dtest=WireFramesTest,WireDrainTest");
            assertThat(built.exitCode()).as(built.output()).isZero();
            assertThat(built.failed()).isZero();
            broker.must(
                    "plugin:install",
                    project.resolve("target/org.example.wire-1.0.0.jar").toString());
            broker.awaitListening();
            Clients.createTopic(broker.bootstrap(), "by-wire", 2, Map.of());
            Load load = new Load(broker.bootstrap(), "by-wire", 2).begin();
            awaitTotal(load, 1_000);
            load.end();
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("plugin-transport")
                    .with("kit_tests", built.tests())
                    .with("acknowledged", load.total())
                    .with("read", audit.read())
                    .with("lost", audit.lost())
                    .with("errors", load.errors().size())
                    .print();
            assertThat(built.tests()).isGreaterThanOrEqualTo(20);
            assertThat(load.errors()).isEmpty();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
            assertThat(audit.read()).isGreaterThanOrEqualTo(1_000);
        }
    }

    private static void drop(BrokerProcess broker, Path jar) throws Exception {
        Path deploy = broker.data().resolve("deploy");
        Path hidden = Files.copy(jar, deploy.resolve(".ledger.jar"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(hidden, deploy.resolve("ledger.jar"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void awaitTotal(Load load, long total) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> load.total() >= total || !load.errors().isEmpty());
    }

    @Test
    void shouldFindByItsKitThatAGeneratedEngineLosesABatch() throws Exception {
        Path project = folder.resolve("ledger");
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            broker.must("plugin:new", "storage", "ledger", "--dir", project.toString());
        }
        Path log = project.resolve("src/main/java/org/example/ledger/LedgerLog.java");
        String source = Files.readString(log);
        String sabotaged = source.replace("at < batches.limit();", "at < batches.limit() && firstOffset != 7L;");
        assertThat(sabotaged).isNotEqualTo(source);
        Files.writeString(log, sabotaged);

        MavenBuild.Result built;
        try (MavenBuild maven = MavenBuild.in(folder.resolve("m2"))) {
            built = maven.run(project, "verify", "-Dtest=LedgerLogStoreTest");
        }
        Proof.named("sabotage")
                .with("kind", "plugin-kit")
                .with("kit_tests", built.tests())
                .with("failed", built.failed())
                .print();
        assertThat(built.exitCode()).isNotZero();
        assertThat(built.failed()).as(built.output()).isPositive();
        assertThat(project.resolve("target/" + BUNDLE + "-1.0.0.jar")).doesNotExist();
    }
}
