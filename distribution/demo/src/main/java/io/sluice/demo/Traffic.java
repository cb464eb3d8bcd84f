package io.sluice.demo;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Apache Kafka's own Java clients with their defaults: a producer and a consumer in a group, each on a thread of its own. */
final class Traffic {
    private static final String TOPIC = "numbers";
    private static final int RECORD_BYTES = 100;
    private static final long TICK_NANOS = 5_000_000L;

    private final Map<String, Object> servers;
    private final int partitions;
    private final int recordsInTick;
    private final Tally tally;
    private final Thread writer = new Thread(this::write, "writer");
    private final Thread reader = new Thread(this::follow, "reader");
    private volatile boolean writing = true;
    private volatile boolean reading = true;

    Traffic(String endpoint, int partitions, int recordsInTick, Tally tally) {
        this.servers = Map.of("bootstrap.servers", endpoint);
        this.partitions = partitions;
        this.recordsInTick = recordsInTick;
        this.tally = tally;
    }

    String createTopic() throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(servers)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1)))
                    .all()
                    .get();
        }
        return TOPIC;
    }

    void begin() {
        writer.start();
        reader.start();
    }

    /** Everything that was written is acknowledged when this returns. */
    void stopWriting() throws InterruptedException {
        writing = false;
        writer.join();
    }

    void stopReading() throws InterruptedException {
        reading = false;
        reader.join();
    }

    private void write() {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer())) {
            long tick = System.nanoTime();
            for (long count = 0; writing; count++) {
                byte[] value = ByteBuffer.allocate(RECORD_BYTES)
                        .putLong(0, count / partitions)
                        .array();
                producer.send(new ProducerRecord<>(TOPIC, (int) (count % partitions), null, value), (at, failure) -> {
                    if (failure == null) {
                        tally.acknowledged(System.nanoTime());
                    } else {
                        tally.error("producer: " + failure);
                    }
                });
                if (count % recordsInTick == 0) {
                    tick += TICK_NANOS;
                    LockSupport.parkNanos(tick - System.nanoTime());
                }
            }
        } catch (KafkaException e) {
            tally.error("producer: " + e);
        }
    }

    private void follow() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                servers.get("bootstrap.servers"),
                "group.id",
                "demo",
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            while (reading) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    tally.read(
                            record.partition(), ByteBuffer.wrap(record.value()).getLong(0));
                }
            }
        } catch (KafkaException e) {
            tally.error("consumer: " + e);
        }
    }
}
