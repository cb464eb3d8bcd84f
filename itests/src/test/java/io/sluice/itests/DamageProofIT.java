package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files: the broker starts, serves what is whole, serves nothing that was not written, and names what is lost. */
class DamageProofIT {
    @TempDir
    Path folder;

    @Test
    void shouldServeWhatIsWholeAndNameWhatIsNot() throws Exception {
        int cases = Proof.count("damages", 24);
        long seed = Proof.count("seed", 7);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            DamagedData.Seen seen = new DamagedData(cases, 150, seed).observe(broker);
            Proof.named("damage")
                    .with("cases", seen.cases())
                    .with("seed", seed)
                    .with("read", seen.read())
                    .with("damaged", seen.damaged())
                    .with("lost", seen.lost())
                    .with("foreign", seen.foreign())
                    .with("unnamed", seen.unnamed())
                    .print();
            assertThat(seen.faults()).isEmpty();
            assertThat(seen.damaged()).as("cases in which records were lost").isPositive();
        }
    }

    /** Below the recovery point nobody looks at a start; what the verifier has found is not forgotten by one. */
    @Test
    void shouldRememberWhatWasFoundBelowTheRecoveryPoint() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "kept", 1, Map.of());
            try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker.bootstrap())) {
                for (int i = 0; i < 100; i++) {
                    producer.send(new ProducerRecord<>("kept", 0, null, new byte[500]))
                            .get();
                }
            }
            broker.terminate();
            Path log = broker.data().resolve("logs/kept-0/00000000000000000000.log");
            byte[] bytes = Files.readAllBytes(log);
            bytes[bytes.length / 2] ^= 4;
            Files.write(log, bytes);
            broker.start();
            assertThat(broker.command("doctor:check").out()).doesNotContain("kept-0");
            assertThat(broker.command("storage:verify", "kept").exitCode()).isEqualTo(1);
            String told = broker.command("doctor:check").out();
            broker.terminate();
            broker.start();
            String toldAgain = broker.command("doctor:check").out();
            broker.must("topic:delete", "kept");
            String afterwards = broker.command("doctor:check").out();
            Proof.named("verified")
                    .with("told", told.contains("kept-0") && told.contains("storage:verify"))
                    .with("told_after_restart", toldAgain.contains("storage:verify found"))
                    .with("told_after_delete", afterwards.contains("storage:verify found"))
                    .print();
            assertThat(told).contains("kept-0", "storage:verify found its log not in order", "offset 5");
            assertThat(toldAgain).contains("kept-0", "storage:verify found its log not in order");
            assertThat(afterwards).doesNotContain("storage:verify found");
        }
    }
}
