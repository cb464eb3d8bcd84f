package io.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A consumer that reads a topic from its beginning while none of its pages is in the page cache, beside one that reads what
 * is just written: how long that one waits, and which of the broker's threads the disk kept waiting.
 */
final class ColdReader {
    private static final String COLD = "cold";
    private static final int VALUE_BYTES = 60_000;
    private static final TopicPartition PARTITION = new TopicPartition(COLD, 0);

    private final BrokerProcess broker;
    private final int megabytes;

    ColdReader(BrokerProcess broker, int megabytes) {
        this.broker = broker;
        this.megabytes = megabytes;
    }

    /** What was seen. Times are of the tail's records, from before they were sent to after they were read, in microseconds. */
    record Seen(
            TailLatency.Figures alone, TailLatency.Figures beside, long records, long pagedInKb, ThreadWaits waits) {
        /** Of the moments in which the disk kept a thread of the broker waiting, those in which it was one that serves connections. */
        double shareOfIoThreads() {
            return waits.all() == 0L ? 0.0 : (double) waits.ofIoThreads() / waits.all();
        }
    }

    Seen observe(Duration alone) throws Exception {
        Clients.createTopic(broker.bootstrap(), COLD, 1, Map.of("segment.bytes", Integer.toString(32 << 20)));
        Clients.createTopic(broker.bootstrap(), TailLatency.TOPIC, 1, Map.of());
        long written = fill();
        broker.terminate();
        dropPages();
        broker.start();
        try (TailLatency tail = new TailLatency(broker.bootstrap())) {
            tail.begin(Duration.ofSeconds(2)); // the broker and the clients warm up
            TailLatency.Figures before = tail.measure(alone);
            long pagedIn = pagedInKb();
            try (ThreadWaits waits = ThreadWaits.watch(broker.pid())) {
                TailLatency.Figures beside =
                        tail.measure(() -> assertThat(readAll()).isEqualTo(written));
                return new Seen(before, beside, written, pagedInKb() - pagedIn, waits);
            }
        }
    }

    private long fill() {
        long records = (long) megabytes * 1_000_000L / VALUE_BYTES;
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(broker.bootstrap(), "batch.size", 500_000)) {
            for (long i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(COLD, 0, null, new byte[VALUE_BYTES]));
            }
        }
        return records;
    }

    private long readAll() {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(broker.bootstrap())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            long next = 0L;
            while (next < end) {
                for (ConsumerRecord<byte[], byte[]> read : consumer.poll(Duration.ofSeconds(5))) {
                    assertThat(read.offset()).isEqualTo(next);
                    next++;
                }
            }
            return next;
        }
    }

    /** Asks the system to drop what it has of the topic's files. */
    private void dropPages() throws Exception {
        List<Path> logs = new ArrayList<>();
        try (Stream<Path> files = Files.walk(broker.data().resolve("logs").resolve(COLD + "-0"))) {
            files.filter(Files::isRegularFile).forEach(logs::add);
        }
        for (Path log : logs) {
            BrokerProcess.Result dropped = BrokerProcess.run(
                    List.of("dd", "of=" + log, "oflag=nocache", "conv=notrunc,fdatasync", "count=0", "status=none"));
            assertThat(dropped.exitCode()).as(dropped.err()).isZero();
        }
    }

    private static long pagedInKb() throws IOException {
        return Files.readAllLines(Path.of("/proc/vmstat")).stream()
                .filter(line -> line.startsWith("pgpgin "))
                .mapToLong(line -> Long.parseLong(line.substring("pgpgin ".length())))
                .sum();
    }
}
