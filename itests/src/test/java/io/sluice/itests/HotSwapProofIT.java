package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every replaceable part is updated again and again under load, each time with a jar of a new version, and each time after
 * at least a thousand records were acknowledged since the last.
 */
class HotSwapProofIT {
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
        Path original = PluginJar.inDistribution(bundle);
        UnderLoad proof = new UnderLoad("swap", bundle, "updates", Proof.count("updates", 50));
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
