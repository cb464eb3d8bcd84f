package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The framework's cache is damaged, in every file and in single ones, or gone, while the broker is stopped or after it was
 * killed: the broker makes it anew from the rest, with the plugins that were installed, and all records are there.
 */
class CacheProofIT {
    private static final String REPLACED = "io.sluice.storage.segment";
    private static final String REPLACED_VERSION = "0.1.501";
    private static final String REMOVED = "io.sluice.storage.memory";
    private static final String STOPPED = "io.sluice.handlers.admin";
    private static final int RECORDS = 2_000;

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(seed());
    private List<Damage> damages = List.of();

    /** What is done to the files below {@code cache/}. */
    private record Damage(String name, Act act) {
        @FunctionalInterface
        interface Act {
            void on(List<Path> files) throws IOException;
        }
    }

    private static long seed() {
        return Long.getLong("proof.seed", 20_261_121L);
    }

    @BeforeEach
    void listDamages() {
        damages = List.of(
                new Damage("all-garbled", files -> each(files, this::garble)),
                new Damage("all-cut", files -> each(files, this::cut)),
                new Damage("all-emptied", files -> each(files, file -> Files.write(file, new byte[0]))),
                new Damage("one-garbled", files -> garble(any(files))),
                new Damage("one-cut", files -> cut(any(files))),
                new Damage("jars-garbled", files -> each(ending(files, ".jar"), this::garble)),
                new Damage("jars-cut", files -> each(ending(files, ".jar"), this::cut)),
                new Damage("marks-garbled", files -> each(ending(files, ".properties"), this::garble)),
                new Damage("one-deleted", files -> Files.delete(any(files))),
                new Damage("all-deleted", files -> each(files, Files::delete)));
    }

    @Test
    void shouldMakeADamagedCacheAnewAndHaveEveryRecord() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "kept", 2, Map.of());
            Load load = new Load(broker.bootstrap(), "kept", 2).begin();
            await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= RECORDS);
            load.end();
            Path jar = PluginJar.withVersion(PluginJar.inDistribution(REPLACED), REPLACED_VERSION, folder);
            broker.must("plugin:update", REPLACED, jar.toString(), "--yes");
            broker.must("plugin:remove", REMOVED, "--yes");
            broker.must("bundle:stop", STOPPED);
            Path cache = broker.data().resolve("cache");
            int starts = 0;
            for (Damage damage : damages) {
                if (starts++ % 2 == 0) {
                    assertThat(broker.terminate()).isZero();
                } else {
                    broker.kill();
                }
                damage.act().on(files(cache));
                broker.start();
                assertWhole(broker, load, damage.name());
            }
            broker.kill();
            BrokerProcess.deleteTree(cache);
            broker.start();
            assertWhole(broker, load, "no cache");
            Proof.named("cache")
                    .with("damaged_starts", starts + 1)
                    .with("seed", seed())
                    .with("acknowledged", load.total())
                    .with("lost", 0)
                    .print();
        }
    }

    private static void assertWhole(BrokerProcess broker, Load load, String damage) throws Exception {
        assertThat(broker.said()).as(damage).doesNotContain("could not");
        assertThat(broker.must("plugin:list", "--json"))
                .as(damage)
                .contains(REPLACED_VERSION)
                .contains("Removed");
        assertThat(broker.must("engine:list")).as(damage).contains("segment").doesNotContain("memory");
        assertThat(broker.must("bundle:list")).as(damage).containsPattern("Resolved.*" + STOPPED);
        Audit audit = Audit.of(broker.bootstrap(), load);
        assertThat(audit.isClean()).as(damage + ": " + audit).isTrue();
        assertThat(audit.read()).as(damage).isEqualTo(load.total());
    }

    private static List<Path> files(Path cache) throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private Path any(List<Path> files) {
        List<Path> full = new ArrayList<>(files);
        full.removeIf(file -> file.endsWith("cache.lock"));
        return full.get(random.nextInt(full.size()));
    }

    private static List<Path> ending(List<Path> files, String end) {
        List<Path> some =
                files.stream().filter(file -> file.toString().endsWith(end)).toList();
        assertThat(some).as("files *" + end + " in the cache").isNotEmpty();
        return some;
    }

    private void garble(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        int changes = 1 + content.length / 64;
        for (int i = 0; i < changes && content.length > 0; i++) {
            content[random.nextInt(content.length)] ^= (byte) (1 + random.nextInt(255));
        }
        Files.write(file, content);
    }

    private void cut(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(content, content.length / 2));
    }

    @FunctionalInterface
    private interface OnFile {
        void on(Path file) throws IOException;
    }

    private static void each(List<Path> files, OnFile action) throws IOException {
        for (Path file : files) {
            action.on(file);
        }
    }
}
