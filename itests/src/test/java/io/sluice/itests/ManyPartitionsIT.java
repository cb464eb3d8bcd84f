package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Very many partitions on one broker with its default heap: they are made, each is written once, and all are read again after a clean
 * stop and after a kill. None costs a thread, nor keeps files open for good.
 */
class ManyPartitionsIT {
    private static final int THREADS_MAX = 80;
    private static final int HANDLES_MAX = 2_500;
    private static final int STORE_HANDLES_MAX = 50;
    private static final long QUIET_SECONDS = 20L;
    private static final int TOPIC_PARTITIONS = 1_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"segment", "mapdb"})
    void shouldHoldVeryManyPartitions(String engine) throws Exception {
        int partitions = Proof.count("partitions", 1_000);
        try (BrokerProcess broker = BrokerProcess.start(folder.resolve(engine))) {
            long idleKb = broker.residentKb();
            int idleHandles = handles(broker);
            long begun = System.nanoTime();
            for (int first = 0; first < partitions; first += TOPIC_PARTITIONS) {
                int count = Math.min(TOPIC_PARTITIONS, partitions - first);
                Clients.createTopic(broker.bootstrap(), place(first).topic(), count, Map.of("storage.engine", engine));
            }
            long createdMs = ms(begun);
            writeEach(broker, partitions);
            long writtenMs = ms(begun);
            int handles = handles(broker);
            long residentKb = broker.residentKb();
            int threads = threads(broker);
            assertThat(broker.terminate()).isZero();
            long stopped = System.nanoTime();
            broker.start();
            long cleanMs = ms(stopped);
            int lostAtStop = partitions - read(broker, partitions);
            broker.kill();
            long killed = System.nanoTime();
            broker.start();
            long killMs = ms(killed);
            int lostAtKill = partitions - read(broker, partitions);
            Proof.named("many-partitions")
                    .with("engine", engine)
                    .with("partitions", partitions)
                    .with("created_ms", createdMs)
                    .with("each_written_ms", writtenMs)
                    .with("restart_ms", cleanMs)
                    .with("restart_after_kill_ms", killMs)
                    .with("rss_mb", residentKb / 1024)
                    .with("rss_kb_each", (residentKb - idleKb) / partitions)
                    .with("handles", handles - idleHandles)
                    .with("threads", threads)
                    .with("lost", lostAtStop + lostAtKill)
                    .print();
            assertThat(lostAtStop).isZero();
            assertThat(lostAtKill).isZero();
            assertThat(threads).isLessThan(THREADS_MAX);
            assertThat(handles - idleHandles)
                    .as("files that are open")
                    .isLessThan(engine.equals("mapdb") ? STORE_HANDLES_MAX : HANDLES_MAX);
        }
    }

    private static void writeEach(BrokerProcess broker, int partitions) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>(partitions);
        try (KafkaProducer<byte[], byte[]> producer =
                Clients.producer(broker.bootstrap(), "max.block.ms", 120_000, "delivery.timeout.ms", 180_000)) {
            for (int i = 0; i < partitions; i++) {
                byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
                TopicPartition place = place(i);
                sent.add(producer.send(new ProducerRecord<>(place.topic(), place.partition(), null, value)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get(180, TimeUnit.SECONDS);
            }
        }
    }

    /** In how many partitions the one record is that was written to them. */
    private static int read(BrokerProcess broker, int partitions) {
        BitSet seen = new BitSet();
        long progress = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(broker.bootstrap(), "max.poll.records", 10_000, "fetch.max.wait.ms", 50)) {
            List<TopicPartition> all = new ArrayList<>(partitions);
            for (int i = 0; i < partitions; i++) {
                all.add(place(i));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            while (seen.cardinality() < partitions && ms(progress) < TimeUnit.SECONDS.toMillis(QUIET_SECONDS)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    int written = ByteBuffer.wrap(record.value()).getInt();
                    if (place(written).equals(new TopicPartition(record.topic(), record.partition()))
                            && record.offset() == 0L) {
                        seen.set(written);
                        progress = System.nanoTime();
                    }
                }
            }
        }
        return seen.cardinality();
    }

    /** Where the record of a number belongs: topics of a thousand partitions each, since a request may make no more than ten thousand. */
    private static TopicPartition place(int number) {
        return new TopicPartition("many-" + number / TOPIC_PARTITIONS, number % TOPIC_PARTITIONS);
    }

    private static int handles(BrokerProcess broker) throws IOException {
        return count(Path.of("/proc", Long.toString(broker.pid()), "fd"));
    }

    private static int threads(BrokerProcess broker) throws IOException {
        return count(Path.of("/proc", Long.toString(broker.pid()), "task"));
    }

    private static int count(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return (int) all.count();
        }
    }

    private static long ms(long since) {
        return (System.nanoTime() - since) / 1_000_000L;
    }
}
