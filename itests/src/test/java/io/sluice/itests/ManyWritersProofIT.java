package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many producers write to the same few files from all I/O threads, until all of the staging memory is in use and the files' writers take
 * it from each other.
 */
final class ManyWritersProofIT {
    private static final String TOPIC = "writers";
    private static final int WRITERS = 32;
    private static final int PARTITIONS = 8;
    private static final int VALUE_BYTES = 1_024;
    private static final Duration TIME = Duration.ofSeconds(8);

    @TempDir
    Path folder;

    @Test
    void shouldServeManyBusyWritersAtOnce() throws Exception {
        LongAdder acknowledged = new LongAdder();
        LongAdder errors = new LongAdder();
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve("data"))) {
            Clients.createTopic(broker.bootstrap(), TOPIC, PARTITIONS, Map.of());
            long end = System.nanoTime() + TIME.toNanos();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Thread thread = new Thread(() -> write(broker.bootstrap(), end, acknowledged, errors), "writer-" + i);
                thread.start();
                threads.add(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            long stored = stored(broker.bootstrap());
            Proof.named("writers")
                    .with("writers", WRITERS)
                    .with("partitions", PARTITIONS)
                    .with("mb", acknowledged.sum() * VALUE_BYTES / 1_000_000L)
                    .with("acknowledged", acknowledged.sum())
                    .with("stored", stored)
                    .with("errors", errors.sum())
                    .print();
            assertThat(errors.sum()).isZero();
            assertThat(stored).isEqualTo(acknowledged.sum());
        }
    }

    private static void write(String bootstrap, long end, LongAdder acknowledged, LongAdder errors) {
        byte[] value = new byte[VALUE_BYTES];
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(
                bootstrap, "buffer.memory", 2 << 20, "request.timeout.ms", 15_000, "delivery.timeout.ms", 20_000)) {
            while (System.nanoTime() < end) {
                producer.send(new ProducerRecord<>(TOPIC, value), (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.increment();
                    } else {
                        errors.increment();
                    }
                });
            }
        }
    }

    private static long stored(String bootstrap) {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(bootstrap)) {
            List<TopicPartition> all = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                all.add(new TopicPartition(TOPIC, i));
            }
            return consumer.endOffsets(all).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }
}
