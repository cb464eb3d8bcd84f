package io.sluice.itests;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * A consumer in a group that reads along while something is done to the broker. It commits as it goes, and what it has read
 * before it gives partitions away: a client that finds no broker at all for a moment joins its group anew.
 *
 * <p>What it commits it names. A commit of "all that was consumed" leaves out what the client has a position of that it is about to
 * compare with the leader's epochs, as it does with all after a broker's restart; then what was read since the last commit comes again.
 */
final class Follower implements AutoCloseable, ConsumerRebalanceListener {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final Map<Integer, Long> next = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    private final AtomicLong read = new AtomicLong();
    private final AtomicInteger assignments = new AtomicInteger();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    Follower(String bootstrap, String topic, String group) {
        this.consumer = Clients.consumer(bootstrap, "group.id", group, "session.timeout.ms", 45_000);
        consumer.subscribe(List.of(topic), this);
        this.thread = new Thread(this::follow, "follower-" + group);
        thread.start();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            consumer.commitSync(offsets);
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assignments.incrementAndGet();
    }

    private void follow() {
        try {
            while (!stopping) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    long number = ByteBuffer.wrap(record.value()).getLong(0);
                    Long expected = next.put(record.partition(), number + 1);
                    offsets.put(
                            new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
                    if (expected != null && expected != number) {
                        errors.add(record.partition() + ": " + number + " came where " + expected
                                + " was expected, at offset " + record.offset());
                    }
                    read.incrementAndGet();
                }
                consumer.commitAsync(Map.copyOf(offsets), (committed, failure) -> {
                    // the next poll takes care of one that meets a rebalance: it commits before partitions go
                    boolean passes =
                            failure instanceof RetriableException || failure instanceof RebalanceInProgressException;
                    if (failure != null && !passes) {
                        errors.add("commit: " + failure);
                    }
                });
            }
            consumer.commitSync(offsets);
        } catch (RuntimeException e) {
            errors.add("poll: " + e);
        } finally {
            consumer.close();
        }
    }

    /** How often partitions were assigned to it: once when it begins, and once for each rebalance. */
    int assignments() {
        return assignments.get();
    }

    long read() {
        return read.get();
    }

    Queue<String> errors() {
        return errors;
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(60_000L);
    }
}
