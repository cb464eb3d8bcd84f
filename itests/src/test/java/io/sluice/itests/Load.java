package io.sluice.itests;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An idempotent producer that writes numbered records to every partition of a topic without a pause, and remembers what was
 * acknowledged: for each partition the highest number, and for each of them the offset must follow the one before.
 */
final class Load implements AutoCloseable {
    private static final int OUTSTANDING_MAX = 2_000;

    /** Between rounds over the partitions: some ten thousand records a second, so that requests are always in flight. */
    private static final long PAUSE_NANOS = 300_000L;

    private final String topic;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread thread;
    private final AtomicLongArray acknowledged;
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong lastAckNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final Semaphore outstanding = new Semaphore(OUTSTANDING_MAX);
    private long pauseNanos = PAUSE_NANOS;
    private volatile boolean stopping;

    Load(String bootstrap, String topic, int partitions, Object... producerProperties) {
        this.topic = topic;
        this.partitions = partitions;
        this.acknowledged = new AtomicLongArray(partitions);
        for (int i = 0; i < partitions; i++) {
            acknowledged.set(i, -1L);
        }
        this.producer = Clients.producer(bootstrap, producerProperties);
        this.thread = new Thread(this::produce, "load-" + topic);
    }

    /** A round over the partitions comes after so much time; before {@link #begin}. */
    Load every(Duration pause) {
        pauseNanos = pause.toNanos();
        return this;
    }

    Load begin() {
        lastAckNanos.set(System.nanoTime());
        thread.start();
        return this;
    }

    private void produce() {
        long number = 0;
        while (!stopping) {
            for (int partition = 0; partition < partitions && !stopping; partition++) {
                send(partition, number);
            }
            number++;
            LockSupport.parkNanos(pauseNanos);
        }
    }

    private void send(int partition, long number) {
        outstanding.acquireUninterruptibly();
        byte[] value = ByteBuffer.allocate(100).putLong(0, number).array();
        try {
            producer.send(new ProducerRecord<>(topic, partition, null, value), (metadata, failure) -> {
                outstanding.release();
                if (failure != null) {
                    errors.add(partition + "/" + number + ": " + failure);
                    return;
                }
                long now = System.nanoTime();
                longestGapNanos.accumulateAndGet(now - lastAckNanos.getAndSet(now), Math::max);
                long before = acknowledged.getAndSet(partition, number);
                if (before != number - 1) {
                    errors.add(partition + ": " + number + " was acknowledged after " + before);
                }
                total.incrementAndGet();
            });
        } catch (RuntimeException e) {
            outstanding.release();
            if (!stopping) {
                errors.add(partition + "/" + number + ": send failed: " + e);
                stopping = true;
            }
        }
    }

    long total() {
        return total.get();
    }

    Queue<String> errors() {
        return errors;
    }

    /** The longest time between two acknowledgements since the last call, in milliseconds. */
    long takeLongestGapMs() {
        return longestGapNanos.getAndSet(0L) / 1_000_000L;
    }

    /** How long ago the last acknowledgement came, in milliseconds. */
    long idleMs() {
        return (System.nanoTime() - lastAckNanos.get()) / 1_000_000L;
    }

    /** The highest number that was acknowledged in a partition, -1 for none. */
    long highest(int partition) {
        return acknowledged.get(partition);
    }

    String topic() {
        return topic;
    }

    int partitions() {
        return partitions;
    }

    /** Ends the load: what was sent is waited for. */
    void end() throws InterruptedException {
        stopping = true;
        thread.join(60_000L);
        producer.flush();
        producer.close();
    }

    @Override
    public void close() throws InterruptedException {
        if (!stopping) {
            end();
        }
    }
}
