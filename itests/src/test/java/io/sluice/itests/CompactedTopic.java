package io.sluice.itests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** A compacted topic of one partition that an idempotent producer updates key by key, beside a table of what it must say. */
final class CompactedTopic implements AutoCloseable {
    private static final String NAME = "compacted";
    private static final int KEYS = 200;
    private static final int WRITES_PER_KEY = 100;
    private static final int VALUE_BYTES = 200;
    private static final TopicPartition PARTITION = new TopicPartition(NAME, 0);

    private final BrokerProcess broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, String> table = new HashMap<>();
    private final Random random = new Random(7);
    private int written;

    CompactedTopic(BrokerProcess broker) throws Exception {
        this.broker = broker;
        Clients.createTopic(
                broker.bootstrap(),
                NAME,
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "segment.bytes", "1048576",
                        "min.cleanable.dirty.ratio", "0.01",
                        "file.delete.delay.ms", "0"));
        this.producer = Clients.producer(
                broker.bootstrap(), "delivery.timeout.ms", 120_000, "linger.ms", 2, "compression.type", "lz4");
    }

    /** The broker's keys under which compaction is quick. */
    static String[] settings() {
        return new String[] {"log.cleaner.backoff.ms=200"};
    }

    int written() {
        return written;
    }

    /** Writes that many records, one in ten a tombstone, and waits until all are acknowledged. */
    void write(int records) throws Exception {
        Future<RecordMetadata> last = null;
        for (int i = 0; i < records; i++) {
            // A window moves over the keys, so that most last values lie in what has been compacted again and again.
            String key = "key-" + (written / WRITES_PER_KEY + random.nextInt(KEYS));
            StringBuilder value =
                    new StringBuilder(key).append('=').append(written++).append(' ');
            while (value.length() < VALUE_BYTES) {
                value.append((char) ('!' + random.nextInt(90)));
            }
            boolean deletes = random.nextInt(10) == 0;
            table.put(key, deletes ? "" : value.toString());
            last = producer.send(new ProducerRecord<>(NAME, 0, bytes(key), deletes ? null : bytes(value.toString())));
        }
        producer.flush();
        if (last != null) {
            last.get();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes of the partition's segments, as they lie in its folder. */
    long storedBytes() throws IOException {
        long bytes = 0L;
        try (Stream<Path> files = Files.list(broker.data().resolve("logs").resolve(NAME + "-0"))) {
            for (Path file : files.toList()) {
                try {
                    bytes += file.toString().endsWith(".log") ? Files.size(file) : 0L;
                } catch (NoSuchFileException e) {
                    continue; // taken away meanwhile
                }
            }
        }
        return bytes;
    }

    /** Waits until no more lies there than that; says whether it came to pass. */
    boolean shrinksTo(long bytes) {
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> storedBytes() <= bytes);
            return true;
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            return false;
        }
    }

    /** What a reader finds: how many records, and how many keys whose last value is not what it must be. */
    record Found(long records, long wrongKeys, long disorder) {}

    Found read() {
        Map<String, String> seen = new HashMap<>();
        long records = 0L;
        long disorder = 0L;
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker.bootstrap())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            long last = -1L;
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    records++;
                    disorder += record.offset() <= last ? 1L : 0L;
                    last = record.offset();
                    seen.put(text(record.key()), record.value() == null ? "" : text(record.value()));
                }
            }
        }
        long wrong = 0L;
        for (Map.Entry<String, String> entry : table.entrySet()) {
            wrong += entry.getValue().equals(seen.getOrDefault(entry.getKey(), "")) ? 0L : 1L;
        }
        return new Found(records, wrong, disorder);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
