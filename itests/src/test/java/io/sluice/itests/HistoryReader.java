package io.sluice.itests;

import io.sluice.itests.History.Read;
import io.sluice.itests.History.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ConditionTimeoutException;

/** Reads all partitions of a topic from their start on, and goes on until it has seen their end. */
final class HistoryReader implements AutoCloseable {
    private static final long PATIENCE_MS = 60_000L;

    private final String name;
    private final boolean committed;
    private final History history;
    private final List<TopicPartition> partitions;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private volatile boolean ending;

    HistoryReader(String bootstrap, String topic, int partitions, boolean committed, History history) {
        this.name = committed ? "committed" : "uncommitted";
        this.committed = committed;
        this.history = history;
        this.partitions = IntStream.range(0, partitions)
                .mapToObj(index -> new TopicPartition(topic, index))
                .toList();
        this.consumer = Clients.consumer(bootstrap, "isolation.level", "read_" + name);
        this.thread = new Thread(this::work, "reader-" + name);
    }

    HistoryReader begin() {
        thread.start();
        return this;
    }

    Queue<String> errors() {
        return errors;
    }

    private void work() {
        try (consumer) {
            consumer.assign(partitions);
            while (!ending) {
                poll();
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000L;
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                poll();
                if (System.nanoTime() > deadline) {
                    throw new ConditionTimeoutException("it did not come to " + ends);
                }
            }
        } catch (RuntimeException e) {
            errors.add(name + ": " + e);
        }
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            Value value = Value.parse(HistoryMover.text(record.value()));
            history.read(new Read(name, committed, record.partition(), record.offset(), value));
        }
    }

    @Override
    public void close() throws InterruptedException {
        ending = true;
        thread.join();
    }
}
