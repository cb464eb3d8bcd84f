package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Consume, transform, produce in transactions, while the broker is killed and its transaction coordinator replaced: a reader of committed records finds
 * each record once, and none that was given up. With {@code -Dproof.sabotage=flip-marker} it must fail.
 * {@code -Dproof.transactions.kills=20 -Dproof.transactions.updates=50 -Dproof.transfers=3000}
 */
class TransactionProofIT {
    private static final String BUNDLE = "io.sluice.coordinator.txn";
    private static final int PARTITIONS = 4;
    private static final int BETWEEN = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    /** What a reader of committed records finds. */
    private record Seen(int lost, int duplicated, int abortedRead) {
        boolean isClean() {
            return lost == 0 && duplicated == 0 && abortedRead == 0;
        }
    }

    @Test
    void shouldMoveEachRecordExactlyOnce() throws Exception {
        Seen seen = run(Proof.sabotage());
        assertThat(seen.isClean()).as(seen.toString()).isTrue();
    }

    @Test
    void shouldFindMarkersThatSayTheOpposite() throws Exception {
        assertThat(run("flip-marker").isClean())
                .as("the audit of a sabotaged broker")
                .isFalse();
    }

    private Seen run(String sabotage) throws Exception {
        int records = Proof.count("transfers", 3_000);
        int kills = sabotage.isEmpty() ? Proof.count("transactions.kills", 8) : 0;
        int updates = sabotage.isEmpty() ? Proof.count("transactions.updates", 16) : 0;
        Path original = PluginJar.inDistribution(BUNDLE);
        try (BrokerProcess broker = BrokerProcess.start(
                folder.resolve("data"), sabotage, List.of(), "group.initial.rebalance.delay.ms=100")) {
            Clients.createTopic(broker.bootstrap(), "from", PARTITIONS, Map.of());
            Clients.createTopic(broker.bootstrap(), "to", PARTITIONS, Map.of());
            int portion = records / (updates + kills + 1);
            int filled = 0;
            Seen seen;
            int restarted;
            int committed;
            try (Transfers transfers = new Transfers(broker.bootstrap(), "from", "to").begin(2)) {
                for (int i = 0; i < updates + kills; i++) {
                    int target = transfers.committed() + BETWEEN;
                    filled = fill(broker.bootstrap(), filled, filled + portion);
                    await(transfers, target);
                    if (i < kills) {
                        broker.kill();
                        broker.start();
                    } else {
                        Path next = PluginJar.withVersion(original, "0.1." + (i + 1), folder);
                        broker.must("plugin:update", BUNDLE, next.toString(), "--yes");
                    }
                }
                fill(broker.bootstrap(), filled, records);
                seen = audit(broker.bootstrap(), records);
                assertThat(transfers.errors()).isEmpty();
                restarted = transfers.restarted();
                committed = transfers.committed();
            }
            long oldLoaders = LoaderCensus.retained(broker, BUNDLE);
            Proof proof = sabotage.isEmpty()
                    ? Proof.named("transactions")
                    : Proof.named("sabotage").with("kind", sabotage);
            proof.with("records", records)
                    .with("committed", committed)
                    .with("kills", kills)
                    .with("updates", updates)
                    .with("clients_started_anew", restarted)
                    .with("lost", seen.lost())
                    .with("duplicated", seen.duplicated())
                    .with("aborted_read", seen.abortedRead())
                    .with("old_loaders", oldLoaders)
                    .print();
            assertThat(oldLoaders)
                    .as("class loaders of old versions that were not collected")
                    .isLessThanOrEqualTo(1L);
            return seen;
        }
    }

    private static void await(Transfers transfers, int target) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() ->
                        transfers.committed() >= target || !transfers.errors().isEmpty());
    }

    /** Each record is its own number; what there is to move never runs out before the next disturbance. */
    private static int fill(String bootstrap, int first, int end) {
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap)) {
            for (int i = first; i < end; i++) {
                byte[] bytes = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>("from", bytes, bytes));
            }
        }
        return end;
    }

    /** Reads until every record was seen, or nothing has come for a while. */
    private static Seen audit(String bootstrap, int records) {
        Map<String, Integer> counts = new HashMap<>();
        int aborted = 0;
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(bootstrap, "isolation.level", "read_committed")) {
            consumer.assign(Stream.of(0, 1, 2, 3)
                    .map(index -> new TopicPartition("to", index))
                    .toList());
            int silent = 0;
            while (silent < 20 && (counts.size() < records || silent < 2)) {
                silent++;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    silent = 0;
                    String value = new String(record.value(), StandardCharsets.UTF_8);
                    if (value.equals(Transfers.ABORTED)) {
                        aborted++;
                    } else {
                        counts.merge(value, 1, Integer::sum);
                    }
                }
            }
        }
        int copies = counts.values().stream().mapToInt(count -> count - 1).sum();
        return new Seen(records - counts.size(), copies, aborted);
    }
}
