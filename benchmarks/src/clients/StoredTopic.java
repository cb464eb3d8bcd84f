import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Arguments: bootstrap, the broker's process id, GB to store. Measures, when 1 GB is stored in a topic of one partition and again when all
 * of it is, what the broker's CPU costs for a GB that is produced (1 KiB records) and for the newest GB that is consumed; a line for each.
 */
final class StoredTopic {
    private static final int RECORD_BYTES = 1024;
    private static final int FILL_BYTES = 200_000;
    private static final long GB = 1_000_000_000L;
    private static final double TICKS = 100.0;
    private static final TopicPartition PARTITION = new TopicPartition("stored", 0);

    private final Properties properties = new Properties();
    private final Path stat;
    private final byte[] noise = new byte[1 << 20];

    private StoredTopic(String bootstrap, String pid) {
        properties.put("bootstrap.servers", bootstrap);
        properties.put("acks", "all");
        properties.put("max.request.size", "1000000");
        stat = Path.of("/proc", pid, "stat");
        new Random(42).nextBytes(noise);
    }

    private double cpuSeconds() throws IOException {
        String line = Files.readString(stat);
        String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    private void produce(long bytes, int recordBytes) {
        LongAdder failed = new LongAdder();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long sent = 0; sent < bytes; sent += recordBytes) {
                byte[] value = new byte[recordBytes];
                System.arraycopy(noise, (int) (sent % (noise.length - recordBytes)), value, 0, recordBytes);
                producer.send(new ProducerRecord<>(PARTITION.topic(), 0, null, value), (metadata, failure) -> {
                    if (failure != null) {
                        failed.increment();
                    }
                });
            }
        }
        if (failed.sum() > 0) {
            throw new IllegalStateException(failed + " records were not taken");
        }
    }

    /** Reads the last so many records that make a GB, which were produced last. */
    private void consumeNewest() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            consumer.seek(PARTITION, end - GB / RECORD_BYTES);
            while (consumer.position(PARTITION) < end) {
                consumer.poll(Duration.ofMillis(200));
            }
        }
    }

    private void measure(long stored) throws IOException {
        double before = cpuSeconds();
        long begun = System.nanoTime();
        produce(GB, RECORD_BYTES);
        double produced = cpuSeconds();
        double seconds = (System.nanoTime() - begun) / 1e9;
        consumeNewest();
        double first = cpuSeconds();
        consumeNewest();
        double again = cpuSeconds();
        System.out.printf(
                "stored_gb=%d produce_cpu_s_per_gb=%.2f produce_mb_s=%.0f consume_cpu_s_per_gb=%.2f consume_again_cpu_s_per_gb=%.2f%n",
                stored / GB, produced - before, 1000.0 / seconds, first - produced, again - first);
    }

    public static void main(String[] args) throws Exception {
        StoredTopic topic = new StoredTopic(args[0], args[1]);
        long all = Long.parseLong(args[2]) * GB;
        try (Admin admin = Admin.create(topic.properties)) {
            NewTopic stored = new NewTopic(PARTITION.topic(), 1, (short) 1).configs(Map.of("retention.ms", "-1"));
            admin.createTopics(List.of(stored)).all().get();
        }
        topic.produce(GB, RECORD_BYTES); // the broker and this client are warm after it
        topic.measure(GB);
        topic.measure(2 * GB);
        topic.produce(all - 5 * GB, FILL_BYTES);
        topic.measure(all - 2 * GB);
        topic.measure(all - GB);
    }
}
