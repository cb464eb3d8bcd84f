package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A data directory of the release before the storage engines of this one opens, with all that is in it. */
class OlderReleaseProofIT {
    /** Named after the last commit of that release. */
    private static final String RELEASE = "release-09bc7ee";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"stopped", "killed"})
    void shouldOpenADataDirectoryOfTheReleaseBefore(String ended) throws Exception {
        Path data = KafkaLogs.unpack(RELEASE, folder.resolve("data"));
        if (ended.equals("killed")) {
            Path logs = data.resolve("logs");
            for (String mark : new String[] {".kafka_cleanshutdown", "sluice-clean-logs", "sluice-boot-id"}) {
                Files.deleteIfExists(logs.resolve(mark));
            }
        }
        try (BrokerProcess broker = BrokerProcess.start(data)) {
            TreeMap<String, String> orders = KafkaLogs.expected(RELEASE, "orders");
            TreeMap<String, String> notes = KafkaLogs.expected(RELEASE, "notes");
            long lost = TopicContents.differences(orders, TopicContents.of(broker.bootstrap(), "orders", 2))
                    + TopicContents.differences(notes, TopicContents.of(broker.bootstrap(), "notes", 1));
            Map<TopicPartition, OffsetAndMetadata> offsets;
            try (Admin admin = Clients.admin(broker.bootstrap())) {
                offsets = admin.listConsumerGroupOffsets("readers")
                        .partitionsToOffsetAndMetadata()
                        .get();
            }
            broker.must("storage:verify", "orders");
            broker.must("storage:verify", "notes");
            try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker.bootstrap())) {
                long next = producer.send(new ProducerRecord<>("orders", 0, new byte[] {1}, new byte[] {2}))
                        .get()
                        .offset();
                assertThat(next).isEqualTo(30L);
            }
            Proof.named("older-release")
                    .with("release", RELEASE)
                    .with("ended", ended)
                    .with("records", orders.size() + notes.size())
                    .with("lost", lost)
                    .with("group_offsets", offsets.size())
                    .print();
            assertThat(orders).hasSize(60);
            assertThat(notes).hasSize(30);
            assertThat(lost).isZero();
            assertThat(offsets.get(new TopicPartition("orders", 0)).offset()).isEqualTo(17L);
            assertThat(offsets.get(new TopicPartition("orders", 0)).metadata()).isEqualTo("noted");
            assertThat(offsets.get(new TopicPartition("orders", 1)).offset()).isEqualTo(23L);
        }
    }

    /** What the proof above rests on finds a record that is another. */
    @Test
    void shouldFindARecordThatIsAnother() {
        TreeMap<String, String> expected = KafkaLogs.expected(RELEASE, "orders");
        TreeMap<String, String> found = new TreeMap<>(expected);
        found.put(found.firstKey(), "another");
        found.remove(found.lastKey());
        found.put("0 99999", "more");
        assertThat(TopicContents.differences(expected, found)).isEqualTo(3L);
    }
}
