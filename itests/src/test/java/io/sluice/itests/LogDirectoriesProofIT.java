package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replicas move between the directories of one broker while they are written, with a kill -9 meanwhile; and a broker with a directory that
 * is dead serves what lies in the other, and has the rest again when the directory is back.
 */
class LogDirectoriesProofIT {
    private static final String TOPIC = "spread";
    private static final int PARTITIONS = 4;
    private static final String THROTTLE = "replica.alter.log.dirs.io.max.bytes.per.second";

    @TempDir
    Path folder;

    @Test
    void shouldMoveReplicasUnderLoadAndOutliveADeadDirectory() throws Exception {
        int rounds = Proof.count("moves", 2);
        try (BrokerProcess broker = start("")) {
            Clients.createTopic(broker.bootstrap(), TOPIC, PARTITIONS, Map.of());
            Load load = new Load(broker.bootstrap(), TOPIC, PARTITIONS, "delivery.timeout.ms", 120_000).begin();
            grow(load);
            assertThat(places(broker).values().stream().distinct()).hasSize(2);
            int moves = 0;
            for (int i = 0; i < rounds; i++) {
                Map<Integer, String> targets = new HashMap<>();
                places(broker).forEach((partition, place) -> targets.put(partition, other(place)));
                move(broker, targets);
                if (i == 0) {
                    broker.kill();
                    broker.start();
                }
                await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> places(broker)
                        .equals(targets));
                moves += targets.size();
                grow(load);
            }
            load.end();
            Map<Integer, String> places = places(broker);
            broker.kill();
            takeAway();
            broker.start();
            int offline = whileOneIsDead(broker, places);
            broker.kill();
            bringBack();
            broker.start();
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("log-directories")
                    .with("moves", moves)
                    .with("offline_meanwhile", offline)
                    .with("acknowledged", load.total())
                    .with("read", audit.read())
                    .with("lost", audit.lost())
                    .with("duplicated", audit.duplicated())
                    .with("reordered", audit.reordered())
                    .with("errors", load.errors().size())
                    .print();
            assertThat(load.errors()).isEmpty();
            assertThat(audit.isClean()).as(audit.toString()).isTrue();
        }
    }

    @Test
    void shouldFindThatASabotagedBrokerMakesPartitionsAnewWithoutTheirRecords() throws Exception {
        try (BrokerProcess broker = start("forget-place")) {
            Clients.createTopic(broker.bootstrap(), TOPIC, 2, Map.of());
            Load load = new Load(broker.bootstrap(), TOPIC, 2).begin();
            grow(load);
            load.end();
            broker.kill();
            takeAway();
            broker.start();
            Audit audit = Audit.of(broker.bootstrap(), load);
            Proof.named("sabotage")
                    .with("kind", "forget-place")
                    .with("acknowledged", load.total())
                    .with("read", audit.read())
                    .with("lost", audit.lost())
                    .print();
            assertThat(audit.lost()).isPositive();
        }
    }

    /** Kafka's key for moves within a broker, at the rate that holds at the moment. */
    @Test
    void shouldMoveNoFasterThanTheThrottleThatIsAlteredMeanwhile() throws Exception {
        try (BrokerProcess broker = start("");
                Admin admin = Clients.admin(broker.bootstrap())) {
            Clients.createTopic(broker.bootstrap(), TOPIC, 1, Map.of());
            try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker.bootstrap(), "batch.size", 20_000)) {
                for (int i = 0; i < 1_000; i++) {
                    producer.send(new ProducerRecord<>(TOPIC, 0, null, new byte[1_000]));
                }
            }
            assertThat(throttle(admin)).isEqualTo(Long.toString(Long.MAX_VALUE));
            throttle(admin, "50000");
            assertThat(throttle(admin)).isEqualTo("50000");
            Map<Integer, String> target = Map.of(0, other(places(broker).get(0)));
            long began = System.nanoTime();
            move(broker, target);
            await().atMost(Duration.ofSeconds(30)).until(() -> copied(admin) > 60_000L);
            long copied = copied(admin);
            double seconds = (System.nanoTime() - began) / 1e9;
            throttle(admin, Long.toString(Long.MAX_VALUE));
            await().atMost(Duration.ofSeconds(30)).until(() -> places(broker).equals(target));
            Proof.named("log-directories-throttle")
                    .with("limit", 50_000)
                    .with("copied", copied)
                    .with("seconds", seconds)
                    .print();
            assertThat(copied).isLessThan((long) (50_000 * (seconds + 2.0)));
        }
    }

    private static ConfigResource node(Admin admin) throws Exception {
        int node = admin.describeCluster().nodes().get().iterator().next().id();
        return new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(node));
    }

    private static String throttle(Admin admin) throws Exception {
        ConfigResource node = node(admin);
        return admin.describeConfigs(List.of(node))
                .all()
                .get()
                .get(node)
                .get(THROTTLE)
                .value();
    }

    private static void throttle(Admin admin, String bytesPerSecond) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        node(admin),
                        List.of(new AlterConfigOp(
                                new ConfigEntry(THROTTLE, bytesPerSecond), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    /** What there is of the future replica. */
    private static long copied(Admin admin) throws Exception {
        long copied = 0L;
        for (LogDirDescription description : describe(admin).values()) {
            for (ReplicaInfo info : description.replicaInfos().values()) {
                copied += info.isFuture() ? info.size() : 0L;
            }
        }
        return copied;
    }

    private BrokerProcess start(String sabotage) throws Exception {
        return BrokerProcess.start(
                folder.resolve("data"), sabotage, List.of(), "log.dirs=" + directory("one") + "," + directory("two"));
    }

    private String directory(String name) {
        return folder.resolve(name).toAbsolutePath().toString();
    }

    private String other(String place) {
        return place.equals(directory("one")) ? directory("two") : directory("one");
    }

    private static void grow(Load load) {
        long target = load.total() + 3_000L;
        await().atMost(Duration.ofSeconds(60)).until(() -> load.total() >= target);
    }

    /** What is not there when the broker starts: a file lies where the directory was. */
    private void takeAway() throws Exception {
        Files.move(folder.resolve("two"), folder.resolve("away"));
        Files.writeString(folder.resolve("two"), "");
    }

    private void bringBack() throws Exception {
        Files.delete(folder.resolve("two"));
        Files.move(folder.resolve("away"), folder.resolve("two"));
    }

    private static Map<String, LogDirDescription> describe(Admin admin) throws Exception {
        int node = admin.describeCluster().nodes().get().iterator().next().id();
        return admin.describeLogDirs(List.of(node)).descriptions().get(node).get();
    }

    /** Where each partition lies; one that is on its way counts for neither place. */
    private static Map<Integer, String> places(BrokerProcess broker) throws Exception {
        Map<Integer, String> places = new HashMap<>();
        try (Admin admin = Clients.admin(broker.bootstrap())) {
            Map<String, LogDirDescription> all = describe(admin);
            all.forEach((directory, description) -> description.replicaInfos().forEach((partition, info) -> {
                if (partition.topic().equals(TOPIC) && !info.isFuture()) {
                    places.put(partition.partition(), directory);
                }
            }));
            for (LogDirDescription description : all.values()) {
                for (Map.Entry<TopicPartition, ReplicaInfo> entry :
                        description.replicaInfos().entrySet()) {
                    if (entry.getValue().isFuture()) {
                        places.remove(entry.getKey().partition());
                    }
                }
            }
        }
        return places;
    }

    private static void move(BrokerProcess broker, Map<Integer, String> targets) throws Exception {
        try (Admin admin = Clients.admin(broker.bootstrap())) {
            int node = admin.describeCluster().nodes().get().iterator().next().id();
            Map<TopicPartitionReplica, String> asked = new HashMap<>();
            targets.forEach((partition, place) -> asked.put(new TopicPartitionReplica(TOPIC, partition, node), place));
            admin.alterReplicaLogDirs(asked).all().get();
        }
    }

    /** @return how many partitions are offline */
    private int whileOneIsDead(BrokerProcess broker, Map<Integer, String> places) throws Exception {
        try (Admin admin = Clients.admin(broker.bootstrap())) {
            Map<String, LogDirDescription> all = describe(admin);
            assertThat(all.get(directory("one")).error()).isNull();
            assertThat(all.get(directory("two")).error()).isInstanceOf(KafkaStorageException.class);
        }
        Clients.createTopic(broker.bootstrap(), "alive", 1, Map.of());
        int offline = 0;
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(
                broker.bootstrap(), "delivery.timeout.ms", 3_000, "request.timeout.ms", 1_500, "linger.ms", 0)) {
            producer.send(new ProducerRecord<>("alive", 0, null, new byte[] {1}))
                    .get();
            for (Map.Entry<Integer, String> entry : places.entrySet()) {
                if (entry.getValue().equals(directory("two"))) {
                    offline++;
                    assertThatThrownBy(
                            () -> producer.send(new ProducerRecord<>(TOPIC, entry.getKey(), null, new byte[] {1}))
                                    .get());
                }
            }
        }
        assertThat(offline).isPositive();
        return offline;
    }
}
