package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log directory without room takes no more records of clients, and says so; reading, committing and retention go on, and writes resume
 * by themselves once there is room, with nothing lost.
 */
class DiskProofIT {
    private static final long LIMIT_BYTES = 12L << 20;
    private static final int FILLER_BYTES = 100_000;
    private static final int FILLERS = 100;
    private static final long STALL_MS = 1_500L;

    @TempDir
    Path folder;

    @Test
    void shouldTakeNoRecordsWithoutRoomAndResumeByItself() throws Exception {
        try (BrokerProcess broker = start("")) {
            fill(broker);
            Load load = new Load(broker.bootstrap(), "kept", 2, "delivery.timeout.ms", 120_000).begin();
            await().atMost(Duration.ofSeconds(60)).until(() -> stands(load));
            long before = load.total();
            long used = bytesIn(folder.resolve("data/logs"));
            String doctor = broker.command("doctor:check").out();
            try (Follower follower = new Follower(broker.bootstrap(), "kept", "readers")) {
                await().atMost(Duration.ofSeconds(30)).until(() -> follower.read() >= before);
                assertThat(follower.errors()).isEmpty();
            }
            long began = System.nanoTime();
            alter(broker, "retention.bytes", "1000000");
            await().atMost(Duration.ofSeconds(60)).until(() -> load.total() > before + 2_000L);
            long resumedMs = (System.nanoTime() - began) / 1_000_000L;
            load.end();
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("disk-full")
                    .with("acknowledged", load.total())
                    .with("used_when_full", used)
                    .with("limit", LIMIT_BYTES)
                    .with("resumed_ms", resumedMs)
                    .with("lost", audit.lost())
                    .with("duplicated", audit.duplicated())
                    .with("reordered", audit.reordered())
                    .with("errors", load.errors().size())
                    .print();
            assertThat(doctor).contains("log.dir.max.bytes");
            assertThat(load.errors()).isEmpty();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
        }
    }

    @Test
    void shouldFindThatASabotagedBrokerFillsTheDisk() throws Exception {
        try (BrokerProcess broker = start("ignore-reserve")) {
            fill(broker);
            Load load = new Load(broker.bootstrap(), "kept", 2).begin();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> stands(load) || bytesIn(folder.resolve("data/logs")) > LIMIT_BYTES + (1 << 20));
            load.end();
            long used = bytesIn(folder.resolve("data/logs"));
            Proof.named("sabotage")
                    .with("kind", "ignore-reserve")
                    .with("acknowledged", load.total())
                    .with("used", used)
                    .with("limit", LIMIT_BYTES)
                    .print();
            assertThat(used).isGreaterThan(LIMIT_BYTES);
        }
    }

    private BrokerProcess start(String sabotage) throws Exception {
        return BrokerProcess.start(folder.resolve("data"), sabotage, List.of(), "log.dir.max.bytes=" + LIMIT_BYTES);
    }

    private static boolean stands(Load load) {
        return load.total() > 0 && load.idleMs() > STALL_MS;
    }

    private static void fill(BrokerProcess broker) throws Exception {
        Clients.createTopic(broker.bootstrap(), "kept", 2, Map.of());
        Clients.createTopic(broker.bootstrap(), "filler", 1, Map.of("segment.bytes", "1048576"));
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker.bootstrap())) {
            for (int i = 0; i < FILLERS; i++) {
                producer.send(new ProducerRecord<>("filler", 0, null, new byte[FILLER_BYTES]));
            }
            producer.flush();
        }
    }

    private static void alter(BrokerProcess broker, String key, String value) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "filler");
        Collection<AlterConfigOp> set =
                List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET));
        try (Admin admin = Clients.admin(broker.bootstrap())) {
            admin.incrementalAlterConfigs(Map.of(topic, set)).all().get();
        }
    }

    private static long bytesIn(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            long bytes = 0;
            for (Path path : all.filter(one -> one.toString().endsWith(".log")).toList()) {
                bytes += path.toFile().length();
            }
            return bytes;
        }
    }
}
