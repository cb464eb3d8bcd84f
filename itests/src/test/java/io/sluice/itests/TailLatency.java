package io.sluice.itests;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A producer of a few hundred records a second and a consumer that reads each at once: how long they are on their way. */
final class TailLatency implements AutoCloseable {
    static final String TOPIC = "tail";

    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final long PAUSE_NANOS = 2_000_000L;
    private static final int SAMPLES_MAX = 200_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread producing;
    private final Thread consuming;
    private final long[] samples = new long[SAMPLES_MAX];
    private int count;
    private volatile boolean stopping;

    /** Microseconds. */
    record Figures(int records, long p50, long p99, long max) {}

    /** Something that is done meanwhile. */
    interface Meanwhile {
        void run() throws Exception;
    }

    TailLatency(String bootstrap) {
        producer = Clients.producer(bootstrap, "linger.ms", "0");
        consumer = Clients.consumer(bootstrap);
        consumer.assign(List.of(PARTITION));
        consumer.seekToEnd(List.of(PARTITION));
        consumer.position(PARTITION);
        producing = new Thread(this::produce, "tail-producer");
        consuming = new Thread(this::consume, "tail-consumer");
    }

    /** Begins, and lets so much time pass. */
    void begin(Duration warmUp) {
        consuming.start();
        producing.start();
        measure(warmUp);
    }

    private void produce() {
        while (!stopping) {
            byte[] value =
                    ByteBuffer.allocate(100).putLong(0, System.nanoTime()).array();
            producer.send(new ProducerRecord<>(TOPIC, 0, null, value));
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void consume() {
        while (!stopping) {
            for (ConsumerRecord<byte[], byte[]> read : consumer.poll(Duration.ofMillis(100))) {
                long nanos = System.nanoTime() - ByteBuffer.wrap(read.value()).getLong(0);
                synchronized (samples) {
                    samples[Math.min(count++, SAMPLES_MAX - 1)] = nanos;
                }
            }
        }
    }

    /** What the records took that arrived in this time. */
    Figures measure(Duration time) {
        clear();
        LockSupport.parkNanos(time.toNanos());
        return figures();
    }

    /** What the records took that arrived while something else ran. */
    Figures measure(Meanwhile meanwhile) throws Exception {
        clear();
        meanwhile.run();
        return figures();
    }

    private void clear() {
        synchronized (samples) {
            count = 0;
        }
    }

    private Figures figures() {
        long[] sorted;
        synchronized (samples) {
            sorted = Arrays.copyOf(samples, Math.min(count, SAMPLES_MAX));
        }
        if (sorted.length == 0) {
            throw new IllegalStateException("no record arrived at the tail");
        }
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        return new Figures(
                sorted.length, sorted[last / 2] / 1_000L, sorted[(int) (last * 0.99)] / 1_000L, sorted[last] / 1_000L);
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        producing.join(10_000L);
        consuming.join(10_000L);
        producer.close();
        consumer.close();
    }
}
