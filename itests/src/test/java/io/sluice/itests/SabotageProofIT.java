package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the other proofs rest on finds what a sabotaged broker does; a proof that cannot fail proves nothing. */
class SabotageProofIT {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"lose-write", "drop-slice"})
    void shouldFindWhatASabotagedBrokerLost(String sabotage) throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged(sabotage, folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "sabotaged", 2, Map.of());
            Load load = new Load(
                            broker.bootstrap(),
                            "sabotaged",
                            2,
                            "enable.idempotence",
                            "false",
                            "max.in.flight.requests.per.connection",
                            "1")
                    .begin();
            await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= 20_000L);
            load.end();
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("sabotage")
                    .with("kind", sabotage)
                    .with("acknowledged", load.total())
                    .with("read", audit.read())
                    .with("lost", audit.lost())
                    .print();
            assertThat(audit.isClean()).as("the audit of a sabotaged broker").isFalse();
            assertThat(audit.lost()).isPositive();
        }
    }

    @Test
    void shouldFindThatADrainWasSkipped() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("skip-drain", folder.resolve("data"))) {
            TransportDrain seen = TransportDrain.observe(broker, 1);
            Proof.named("sabotage")
                    .with("kind", "skip-drain")
                    .with("unacknowledged", seen.unacknowledged())
                    .with("unanswered", seen.unanswered())
                    .with("truncated", seen.truncated())
                    .with("resets", seen.resets())
                    .print();
            assertThat(seen.isClean()).as("the drain of a sabotaged broker").isFalse();
            assertThat(seen.unanswered()).isPositive();
        }
    }

    @Test
    void shouldFindThatALeaseWasForgotten() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("forget-lease", folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "sabotaged", 2, Map.of());
            try (Load load = new Load(broker.bootstrap(), "sabotaged", 2).begin()) {
                await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= 2_000L);
                broker.must("bundle:stop", "io.sluice.handlers.produce");
                broker.must("bundle:start", "io.sluice.handlers.produce");
            }
            long unreturned = broker.unreturnedUses();
            Proof.named("sabotage")
                    .with("kind", "forget-lease")
                    .with("unreturned", unreturned)
                    .print();
            assertThat(unreturned).isPositive();
        }
    }

    @Test
    void shouldFindThatAThreadThatServesConnectionsWaitedForTheDisk() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("cold-read", folder.resolve("data"))) {
            ColdReader.Seen seen = new ColdReader(broker, Proof.count("cold", 200)).observe(Duration.ofSeconds(1));
            Proof.named("sabotage")
                    .with("kind", "cold-read")
                    .with("waits", seen.waits().all())
                    .with("waits_of_io_threads", seen.waits().ofIoThreads())
                    .print();
            assertThat(seen.shareOfIoThreads()).isGreaterThan(ColdReadProofIT.SHARE_MAX);
        }
    }

    @Test
    void shouldFindThatDamageWasBelieved() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("believe-damage", folder.resolve("data"))) {
            DamagedData.Seen seen = new DamagedData(Proof.count("damages", 24), 150, 7).observe(broker);
            Proof.named("sabotage")
                    .with("kind", "believe-damage")
                    .with("foreign", seen.foreign())
                    .with("lost", seen.lost())
                    .print();
            assertThat(seen.faults()).isNotEmpty();
            assertThat(seen.foreign()).isPositive();
        }
    }
}
