package io.sluice.itests;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Moves records from one topic to another, exactly once: each transaction has a few records and the offsets behind them. Now and then one is given up on
 * purpose, after records were written that nobody may ever read. After an error the client starts anew, as an application would.
 */
final class Transfers implements AutoCloseable {
    static final String ABORTED = "aborted";
    private static final int GIVEN_UP_EACH = 4;
    private static final int RECORDS_AT_ONCE = 20;

    private final String bootstrap;
    private final String from;
    private final String to;
    private final List<Thread> workers = new ArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final AtomicInteger committed = new AtomicInteger();
    private final AtomicInteger restarted = new AtomicInteger();
    private volatile boolean ended;

    Transfers(String bootstrap, String from, String to) {
        this.bootstrap = bootstrap;
        this.from = from;
        this.to = to;
    }

    Transfers begin(int count) {
        for (int i = 0; i < count; i++) {
            String id = "mover-" + i;
            Thread worker = new Thread(() -> work(id), id);
            workers.add(worker);
            worker.start();
        }
        return this;
    }

    int committed() {
        return committed.get();
    }

    int restarted() {
        return restarted.get();
    }

    List<String> errors() {
        return errors;
    }

    private void work(String id) {
        while (!ended) {
            try (KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap, "transactional.id", id);
                    KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(
                            bootstrap,
                            "group.id",
                            "movers",
                            "isolation.level",
                            "read_committed",
                            "max.poll.records",
                            RECORDS_AT_ONCE)) {
                producer.initTransactions();
                consumer.subscribe(List.of(from));
                for (int i = 1; !ended; i++) {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
                    if (!records.isEmpty()) {
                        transfer(producer, consumer, records, i % GIVEN_UP_EACH == 0);
                    }
                }
            } catch (KafkaException e) {
                restarted.incrementAndGet();
            } catch (RuntimeException e) {
                errors.add(id + ": " + e);
                return;
            }
        }
    }

    private void transfer(
            KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> consumer,
            ConsumerRecords<byte[], byte[]> records,
            boolean givenUp) {
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byte[] value = givenUp ? ABORTED.getBytes(StandardCharsets.UTF_8) : record.value();
            producer.send(new ProducerRecord<>(to, record.key(), value));
            offsets.put(
                    new TopicPartition(record.topic(), record.partition()),
                    new OffsetAndMetadata(record.offset() + 1L));
        }
        if (!givenUp) {
            producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            producer.commitTransaction();
            committed.incrementAndGet();
            return;
        }
        producer.flush();
        producer.abortTransaction();
        records.partitions()
                .forEach(partition -> consumer.seek(
                        partition, records.records(partition).get(0).offset()));
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        for (Thread worker : workers) {
            worker.join();
        }
    }
}
