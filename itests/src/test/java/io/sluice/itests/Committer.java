package io.sluice.itests;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits numbers for a group without a pause, the number n to partition n modulo their count, and remembers what was acknowledged: a number
 * that is lost is not hidden by the next, which goes to another partition. Whoever holds the gate keeps it from its next commit.
 */
final class Committer implements AutoCloseable {
    private final String bootstrap;
    private final String topic;
    private final String group;
    private final int partitions;
    private final Lock gate;
    private final Thread thread;
    private final AtomicLong acknowledged = new AtomicLong();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    Committer(String bootstrap, String topic, int partitions, String group, Lock gate) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.group = group;
        this.partitions = partitions;
        this.gate = gate;
        this.thread = new Thread(this::commit, "committer-" + group);
    }

    Committer begin() {
        thread.start();
        return this;
    }

    private void commit() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(bootstrap, "group.id", group, "default.api.timeout.ms", 120_000)) {
            for (long number = 1; !stopping; number++) {
                TopicPartition partition = new TopicPartition(topic, (int) (number % partitions));
                gate.lock();
                gate.unlock();
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(number)));
                acknowledged.set(number);
            }
        } catch (KafkaException e) {
            errors.add(group + ": " + e);
        }
    }

    /** The highest number that was acknowledged; all below it were, too. */
    long acknowledged() {
        return acknowledged.get();
    }

    Queue<String> errors() {
        return errors;
    }

    /** How many of the latest numbers, one of each partition, are not committed as they were acknowledged, or as a later one. */
    long lost(Admin admin) throws Exception {
        long highest = acknowledged();
        Map<TopicPartition, OffsetAndMetadata> found = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        long lost = 0;
        for (long number = Math.max(1, highest - partitions + 1); number <= highest; number++) {
            OffsetAndMetadata committed = found.get(new TopicPartition(topic, (int) (number % partitions)));
            if (committed == null || committed.offset() < number) {
                lost++;
            }
        }
        return lost;
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join(Duration.ofSeconds(150).toMillis());
    }
}
