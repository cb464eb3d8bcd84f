package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody shuts himself out: the only transport goes by force alone, and a broker that has none can be given one. */
class NoTransportIT {
    private static final String TRANSPORT = "io.sluice.transport.mina";

    @TempDir
    Path folder;

    @Test
    void shouldBeAdministeredAndRepairedWithoutATransport() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            BrokerProcess.Result refused = broker.command("plugin:remove", TRANSPORT, "--yes");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("only", "--force");
            broker.awaitListening();

            broker.must("plugin:remove", TRANSPORT, "--yes", "--force");
            broker.terminate();
            broker.start();
            assertThat(broker.said()).contains("sluice ready on no listener", "plugin:install");

            broker.must("plugin:install", PluginJar.inDistribution(TRANSPORT).toString());
            broker.awaitListening();
            Clients.createTopic(broker.bootstrap(), "again", 1, Map.of());
            Proof.named("no-transport")
                    .with("refused", refused.exitCode())
                    .with("repaired", true)
                    .print();
        }
    }
}
