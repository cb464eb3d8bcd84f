package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs leave the broker and come back, from a backup and from Apache Kafka's own directory, and nothing half done is served. */
class BackupProofIT {
    private static final int PARTITIONS = 2;

    @TempDir
    Path folder;

    @Test
    void shouldGiveBackWhatWasBackedUpAndTakeInWhatKafkaWrote() throws Exception {
        int records = Proof.count("backup", 4_000);
        Path kafka = KafkaLogs.unpack("kafka-4.4.0", folder.resolve("kafka"));
        String backup = folder.resolve("backup").toString();
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(
                    broker.bootstrap(), "kept", PARTITIONS, Map.of("segment.bytes", "1048576", "retention.ms", "-1"));
            try (KafkaProducer<byte[], byte[]> producer = produce(broker.bootstrap(), "kept", 0, records)) {
                TreeMap<String, String> before = TopicContents.of(broker.bootstrap(), "kept", PARTITIONS);
                broker.must("storage:backup", "kept", backup);
                broker.must("topic:delete", "kept");
                broker.must("storage:restore", backup);
                long lost = TopicContents.differences(before, contents(broker, "kept", before.size()));
                broker.must("storage:restore", backup, "--topic", "twin");
                long lostOfTwin = TopicContents.differences(before, contents(broker, "twin", before.size()));

                // A producer that wrote to the original begins anew in the twin: nothing of it is taken for a
                // repetition.
                for (int i = 0; i < 200; i++) {
                    producer.send(record("twin", records + i)).get();
                }
                long repeated = before.size()
                        + 200L
                        - contents(broker, "twin", before.size() + 200).size();
                String config = broker.must("topic:describe", "twin");

                long imported = 0;
                long differences = 0;
                take(broker, kafka.resolve("txn-0"));
                broker.must(
                        "storage:import",
                        kafka.resolve("compacted-0").toString(),
                        "--config",
                        "cleanup.policy=compact",
                        "--config",
                        "min.compaction.lag.ms=3600000");
                Path plain = Files.createDirectories(folder.resolve("plain"));
                for (String part : List.of("plain-0", "plain-1", "log-start-offset-checkpoint")) {
                    Files.move(kafka.resolve(part), plain.resolve(part));
                }
                take(broker, plain);
                for (String topic : List.of("plain", "txn", "compacted")) {
                    TreeMap<String, String> expected = KafkaLogs.expected("kafka-4.4.0", topic);
                    imported += expected.size();
                    differences += TopicContents.differences(
                            expected,
                            TopicContents.of(broker.bootstrap(), topic, topic.equals("plain") ? PARTITIONS : 1));
                    broker.must("storage:verify", topic);
                }
                broker.kill();
                broker.start();
                long lostByKill = TopicContents.differences(before, contents(broker, "kept", before.size()));
                TreeMap<String, String> txn = KafkaLogs.expected("kafka-4.4.0", "txn");
                lostByKill += TopicContents.differences(txn, TopicContents.of(broker.bootstrap(), "txn", 1));
                Proof.named("backup")
                        .with("records", before.size())
                        .with("lost", lost + lostOfTwin)
                        .with("taken_for_repetitions", repeated)
                        .with("imported", imported)
                        .with("differences", differences)
                        .with("lost_by_kill", lostByKill)
                        .print();
                assertThat(before).hasSize(records);
                assertThat(lost + lostOfTwin).isZero();
                assertThat(repeated).isZero();
                assertThat(config).contains("1048576");
                assertThat(imported).isGreaterThan(500);
                assertThat(differences).isZero();
                assertThat(lostByKill).isZero();
            }
        }
    }

    @Test
    void shouldServeNothingOfAnImportThatWasKilled() throws Exception {
        Path kafka = KafkaLogs.unpack("kafka-4.4.0", folder.resolve("kafka"));
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Thread import1 = new Thread(
                    () -> {
                        try {
                            broker.command(
                                    "storage:import", kafka.resolve("txn-0").toString(), "--throttle", "2000");
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    "import");
            import1.start();
            Path imports = broker.data().resolve("imports");
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Files.exists(imports) && count(imports) > 0);
            broker.kill();
            import1.join(Duration.ofSeconds(30).toMillis());
            broker.start();
            await().atMost(Duration.ofSeconds(30)).until(() -> !Files.exists(imports));
            try (Admin admin = Clients.admin(broker.bootstrap())) {
                assertThat(admin.listTopics().names().get()).doesNotContain("txn");
            }
            assertThat(broker.data().resolve("logs").resolve("txn-0")).doesNotExist();
            take(broker, kafka.resolve("txn-0"));
            TreeMap<String, String> expected = KafkaLogs.expected("kafka-4.4.0", "txn");
            assertThat(TopicContents.of(broker.bootstrap(), "txn", 1)).isEqualTo(expected);
        }
    }

    @Test
    void shouldRefuseWhatIsNotWhole() throws Exception {
        Path kafka = KafkaLogs.unpack("kafka-4.4.0", folder.resolve("kafka"));
        Path log = kafka.resolve("txn-0").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length / 2] ^= 0x20;
        Files.write(log, bytes);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            BrokerProcess.Result result =
                    broker.command("storage:import", kafka.resolve("txn-0").toString());
            assertThat(result.exitCode()).isNotZero();
            assertThat(result.err()).contains("not in order");
            assertThat(broker.data().resolve("logs").resolve("txn-0")).doesNotExist();
        }
    }

    @Test
    void shouldFindWhatABackupLeftOut() throws Exception {
        try (BrokerProcess broker = BrokerProcess.startSabotaged("blind-backup", folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "kept", PARTITIONS, Map.of());
            produce(broker.bootstrap(), "kept", 0, 2_000).close();
            Path backup = folder.resolve("backup");
            BrokerProcess.Result result = broker.command("storage:backup", "kept", backup.toString());
            boolean found = result.exitCode() != 0 && result.err().contains("missing");
            Proof.named("sabotage")
                    .with("kind", "blind-backup")
                    .with("found", found)
                    .print();
            assertThat(found).as(result.out() + result.err()).isTrue();
            assertThat(broker.command("storage:restore", backup.toString(), "--topic", "twin")
                            .exitCode())
                    .isNotZero();
        }
    }

    private static void take(BrokerProcess broker, Path directory) throws Exception {
        broker.must("storage:import", directory.toString(), "--config", "retention.ms=-1");
    }

    private static long count(Path directory) throws Exception {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    private static TreeMap<String, String> contents(BrokerProcess broker, String topic, int size) {
        List<TreeMap<String, String>> last = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            last.clear();
            last.add(TopicContents.of(broker.bootstrap(), topic, PARTITIONS));
            return last.get(0).size() >= size;
        });
        return last.get(0);
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int number) {
        return new ProducerRecord<>(
                topic,
                number % PARTITIONS,
                1_700_000_000_000L + number,
                ("key-" + number % 10).getBytes(StandardCharsets.UTF_8),
                ("value-" + number + "-" + "x".repeat(number % 500)).getBytes(StandardCharsets.UTF_8));
    }

    private static KafkaProducer<byte[], byte[]> produce(String bootstrap, String topic, int from, int records)
            throws Exception {
        KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap, "compression.type", "lz4");
        for (int i = from; i < from + records; i++) {
            producer.send(record(topic, i));
        }
        producer.flush();
        return producer;
    }
}
