package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every replaceable part is updated again and again under load, each time with a jar of a new version, and each time after
 * at least a thousand records were acknowledged since the last.
 */
class HotSwapProofIT {
    private static final String MAPDB = "io.sluice.storage.mapdb";

    @TempDir
    Path folder;

    /** {@code -Dproof.parts=storage.mapdb,storage.segment} leaves those whose names end so. */
    static Stream<String> parts() {
        List<String> endings = Proof.names("parts");
        return Stream.of(
                        "io.sluice.storage.segment",
                        MAPDB,
                        "io.sluice.transport.mina",
                        "io.sluice.replication.local",
                        "io.sluice.security.open",
                        "io.sluice.handlers.produce",
                        "io.sluice.coordinator.group")
                .filter(part -> endings.isEmpty() || endings.stream().anyMatch(part::endsWith));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void shouldLoseNothingWhenAPartIsUpdatedUnderLoad(String bundle) throws Exception {
        Path original = PluginJar.inDistribution(bundle);
        boolean mapdb = bundle.equals(MAPDB);
        int updates = Proof.count("updates", 50);
        // A jar of 17 MB is made, copied and opened each time.
        UnderLoad proof = new UnderLoad("swap", bundle, "updates", mapdb ? Math.max(1, updates / 5) : updates);
        if (mapdb) {
            proof.withTopicConfig(Map.of("storage.engine", "mapdb"));
        }
        proof.prove(folder.resolve("data"), (broker, round) -> {
            String version = "0.1." + (1_000 + round);
            Path jar = PluginJar.withVersion(original, version, folder);
            broker.must("plugin:update", bundle, jar.toString(), "--yes");
            assertThat(broker.must("plugin:list", "--json"))
                    .as("the new version's mark")
                    .contains(version);
            Files.delete(jar);
        });
    }
}
