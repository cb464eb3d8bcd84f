package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics that move are not all alike: a compacted one with tombstones, and many partitions whose start moves meanwhile. */
class MigratedKindsProofIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int KEYED = 3_000;
    private static final int MANY = 40;

    @TempDir
    Path folder;

    private int cutOvers;

    @Test
    void shouldMoveACompactedTopicWithItsTombstones() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"), CompactedTopic.settings())) {
            CompactedTopic.Found keys = compacted(broker);
            Proof.named("migrated-kinds")
                    .with("kind", "compacted")
                    .with("wrong_keys", keys.wrongKeys())
                    .with("disorder", keys.disorder())
                    .with("cut_overs", cutOvers)
                    .print();
            assertThat(keys.wrongKeys() + keys.disorder()).isZero();
        }
    }

    @Test
    void shouldMoveManyPartitionsWhoseStartMoves() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            long wrong = partitionsWhoseStartMoved(broker);
            Proof.named("migrated-kinds")
                    .with("kind", "many-partitions")
                    .with("partitions", MANY)
                    .with("wrong_bounds", wrong)
                    .with("cut_overs", cutOvers)
                    .print();
            assertThat(wrong).isZero();
        }
    }

    /** As CreateTopics does; nothing is begun, and the plan says so too. */
    @Test
    void shouldRefuseAnEngineThatCannotHonourTheTopicsConfiguration() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), "precious", 1, Map.of("durability", "group"));
            for (String option : List.of("--plan", "--allow-volatile")) {
                BrokerProcess.Result refused = broker.command("engine:migrate", "precious", "memory", option);
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err()).contains("configuration durability", "synced-writes");
            }
            assertThat(broker.must("engine:migrations", "precious", "--json")).doesNotContain("\"phase\"");
            assertThat(broker.must("engine:migrate", "precious", "mapdb", "--plan"))
                    .contains("copy 1 of 1 partitions");
        }
    }

    private void go(BrokerProcess broker, String topic, int partitions, String engine) throws Exception {
        broker.must("engine:migrate", topic, engine, "--allow-volatile");
        awaitCutOvers(broker, topic, partitions);
    }

    private void finalise(BrokerProcess broker, String topic) throws Exception {
        broker.must("engine:finalise", topic);
        awaitEnd(broker, topic);
    }

    private void rollBack(BrokerProcess broker, String topic, int partitions) throws Exception {
        broker.must("engine:rollback", topic);
        awaitEnd(broker, topic);
        cutOvers += partitions;
    }

    private static void awaitEnd(BrokerProcess broker, String topic) {
        await().atMost(PATIENCE)
                .until(() -> !broker.must("engine:migrations", topic, "--json").contains("\"phase\""));
    }

    private void awaitCutOvers(BrokerProcess broker, String topic, int partitions) {
        await().atMost(PATIENCE).until(() -> {
            String out = broker.must("engine:migrations", topic, "--json");
            return out.split("\"following\"", -1).length - 1 == partitions;
        });
        cutOvers += partitions;
    }

    /** Keys are written and deleted all the time; tombstones go at once where compaction lets them. */
    private CompactedTopic.Found compacted(BrokerProcess broker) throws Exception {
        try (CompactedTopic topic = new CompactedTopic(broker);
                Admin admin = Clients.admin(broker.bootstrap())) {
            ConfigResource key = new ConfigResource(ConfigResource.Type.TOPIC, "compacted");
            admin.incrementalAlterConfigs(Map.of(
                            key,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("delete.retention.ms", "0"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            topic.write(KEYED);
            broker.must("engine:migrate", "compacted", "mapdb", "--throttle", "1500000");
            topic.write(3 * KEYED);
            broker.must("engine:throttle", "compacted", "0");
            awaitCutOvers(broker, "compacted", 1);
            topic.write(KEYED);
            rollBack(broker, "compacted", 1);
            topic.write(KEYED);
            go(broker, "compacted", 1, "memory");
            topic.write(KEYED);
            finalise(broker, "compacted");
            go(broker, "compacted", 1, "mapdb");
            finalise(broker, "compacted");
            return topic.read();
        }
    }

    /** DeleteRecords while many partitions are copied, and again in the window; they begin there on both engines. */
    private long partitionsWhoseStartMoved(BrokerProcess broker) throws Exception {
        Clients.createTopic(broker.bootstrap(), "many", MANY, Map.of());
        try (Load load = new Load(broker.bootstrap(), "many", MANY)
                        .every(Duration.ofMillis(20))
                        .begin();
                Admin admin = Clients.admin(broker.bootstrap())) {
            await().atMost(PATIENCE).until(() -> load.total() >= 150L * MANY);
            broker.must("engine:migrate", "many", "memory", "--allow-volatile");
            deleteBelow(admin, 50L);
            awaitCutOvers(broker, "many", MANY);
            deleteBelow(admin, 100L);
            load.end();
            assertThat(load.errors()).isEmpty();
            long wrong = wrongStarts(broker, load);
            rollBack(broker, "many", MANY);
            return wrong + wrongStarts(broker, load);
        }
    }

    private static void deleteBelow(Admin admin, long offset) throws Exception {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (int i = 0; i < MANY; i++) {
            all.put(new TopicPartition("many", i), RecordsToDelete.beforeOffset(offset));
        }
        admin.deleteRecords(all).all().get();
    }

    /** Partitions that do not begin and end where they should. */
    private static long wrongStarts(BrokerProcess broker, Load load) {
        List<TopicPartition> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            all.add(new TopicPartition("many", i));
        }
        long wrong = 0L;
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker.bootstrap())) {
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            for (TopicPartition one : all) {
                wrong += starts.get(one) == 100L && ends.get(one) == load.highest(one.partition()) + 1L ? 0L : 1L;
            }
        }
        return wrong;
    }
}
