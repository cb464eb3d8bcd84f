package io.sluice.itests;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every replaceable part is stopped and started, and removed and installed anew, again and again under load: between the two
 * commands the part is not there, and what clients ask of it waits.
 */
class PartStopProofIT {
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
                "io.sluice.handlers.fetch",
                "io.sluice.coordinator.group"
            })
    void shouldLoseNothingWhenAPartIsStoppedAndStartedUnderLoad(String bundle) throws Exception {
        UnderLoad proof = new UnderLoad("restart", bundle, "restarts", Proof.count("restarts", 10));
        proof.prove(folder.resolve("data"), (broker, round) -> {
            broker.must("bundle:stop", bundle);
            broker.must("bundle:start", bundle);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.sluice.storage.segment",
                "io.sluice.transport.mina",
                "io.sluice.replication.local",
                "io.sluice.security.open",
                "io.sluice.handlers.produce",
                "io.sluice.handlers.fetch",
                "io.sluice.coordinator.group"
            })
    void shouldLoseNothingWhenAPartIsRemovedAndInstalledUnderLoad(String bundle) throws Exception {
        String jar = PluginJar.inDistribution(bundle).toString();
        UnderLoad proof = new UnderLoad("reinstall", bundle, "reinstalls", Proof.count("reinstalls", 5));
        proof.prove(folder.resolve("data"), (broker, round) -> {
            broker.must("plugin:remove", bundle, "--yes", "--force");
            broker.must("plugin:install", jar, "--yes");
        });
    }
}
