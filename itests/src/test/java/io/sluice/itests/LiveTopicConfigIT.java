package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations of a topic that Kafka's own Admin client alters hold from the next record on, without a restart. */
class LiveTopicConfigIT {
    private static final String NAME = "altered";
    private static final TopicPartition PARTITION = new TopicPartition(NAME, 0);

    @TempDir
    Path folder;

    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;

    private void alter(String key, String value) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, NAME);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(topic, List.of(set))).all().get();
    }

    private RecordMetadata send(byte[] key, byte[] value, Long timestampMs) throws Exception {
        return producer.send(new ProducerRecord<>(NAME, 0, timestampMs, key, value))
                .get();
    }

    @Test
    void shouldHoldFromTheNextRecordOn() throws Exception {
        try (BrokerProcess broker = BrokerProcess.start(
                folder.resolve("data"), "log.retention.check.interval.ms=200", "log.cleaner.backoff.ms=200")) {
            Clients.createTopic(
                    broker.bootstrap(), NAME, 1, Map.of("segment.bytes", "1048576", "file.delete.delay.ms", "0"));
            try (Admin opened = Clients.admin(broker.bootstrap());
                    KafkaProducer<byte[], byte[]> sending =
                            Clients.producer(broker.bootstrap(), "enable.idempotence", "false", "retries", "0")) {
                admin = opened;
                producer = sending;
                byte[] key = {1};
                send(key, new byte[10_000], null);
                alter("max.message.bytes", "5000");
                assertThatThrownBy(() -> send(key, new byte[10_000], null))
                        .hasCauseInstanceOf(RecordTooLargeException.class);

                alter("message.timestamp.before.max.ms", "60000");
                assertThatThrownBy(() -> send(key, new byte[10], System.currentTimeMillis() - 3_600_000L))
                        .hasCauseInstanceOf(InvalidTimestampException.class);

                alter("message.timestamp.type", "LogAppendTime");
                alter("compression.type", "gzip");
                alter("compression.gzip.level", "9");
                long offset = send(key, new byte[1_000], null).offset();
                ConsumerRecord<byte[], byte[]> stamped = read(broker, offset);
                assertThat(stamped.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
                assertThat(stamped.value()).isEqualTo(new byte[1_000]);

                alter("preallocate", "true");
                alter("segment.ms", "1");
                await().untilAsserted(() -> {
                    send(key, new byte[10], null);
                    try (Stream<Path> files = Files.list(broker.data().resolve("logs/altered-0"))) {
                        assertThat(files.filter(file -> file.toString().endsWith(".log"))
                                        .mapToLong(file -> file.toFile().length())
                                        .max()
                                        .orElse(0L))
                                .isEqualTo(1_048_576L);
                    }
                });

                alter("retention.ms", "1");
                await().atMost(Duration.ofSeconds(20)).until(() -> earliest() > offset);
                alter("retention.ms", "604800000");

                alter("cleanup.policy", "compact");
                assertThatThrownBy(() -> send(null, new byte[10], null)).hasMessageContaining("without a key");

                for (String tiered : List.of("remote.storage.enable=true", "local.retention.ms=5")) {
                    String[] parts = tiered.split("=");
                    assertThatThrownBy(() -> alter(parts[0], parts[1]))
                            .isInstanceOf(ExecutionException.class)
                            .hasCauseInstanceOf(InvalidConfigurationException.class)
                            .hasMessageContaining(parts[0])
                            .hasMessageContaining("tiered storage");
                }
            }
        }
    }

    private long earliest() throws Exception {
        return admin.listOffsets(Map.of(PARTITION, OffsetSpec.earliest()))
                .partitionResult(PARTITION)
                .get()
                .offset();
    }

    private static ConsumerRecord<byte[], byte[]> read(BrokerProcess broker, long offset) {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker.bootstrap())) {
            consumer.assign(List.of(PARTITION));
            consumer.seek(PARTITION, offset);
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofSeconds(1)).records(PARTITION)) {
                    return record;
                }
            }
        }
    }
}
