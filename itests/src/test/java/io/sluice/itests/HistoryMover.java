package io.sluice.itests;

import io.sluice.itests.History.End;
import io.sluice.itests.History.Value;
import io.sluice.itests.History.Write;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Takes orders from one topic as a member of a group and answers each by a transfer between two partitions of another, in transactions with the
 * offsets behind the orders; now and then it gives one up. After an error it starts anew, as an application would.
 */
final class HistoryMover implements AutoCloseable {
    private static final double GIVEN_UP = 0.2;
    private static final int ORDERS_AT_ONCE = 4;
    private static final int AMOUNT_MAX = 100;

    private final String bootstrap;
    private final String id;
    private final String orders;
    private final String ledger;
    private final int partitions;
    private final History history;
    private final Random random;
    private final Thread thread;
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    HistoryMover(
            String bootstrap, String id, String orders, String ledger, int partitions, History history, Random random) {
        this.bootstrap = bootstrap;
        this.id = id;
        this.orders = orders;
        this.ledger = ledger;
        this.partitions = partitions;
        this.history = history;
        this.random = random;
        this.thread = new Thread(this::work, id);
    }

    HistoryMover begin() {
        thread.start();
        return this;
    }

    Queue<String> errors() {
        return errors;
    }

    static String group(String ledger) {
        return "movers-of-" + ledger;
    }

    private void work() {
        while (!ended) {
            try (KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap, "transactional.id", id);
                    KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(
                            bootstrap,
                            "group.id",
                            group(ledger),
                            "isolation.level",
                            "read_committed",
                            "max.poll.records",
                            ORDERS_AT_ONCE)) {
                producer.initTransactions();
                consumer.subscribe(List.of(orders));
                while (!ended) {
                    transact(producer, consumer, consumer.poll(Duration.ofMillis(50)));
                }
            } catch (KafkaException e) {
                // it starts anew, and what it had begun is undecided until it does
            } catch (RuntimeException e) {
                errors.add(id + ": " + e);
                return;
            }
        }
    }

    private void transact(
            KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> consumer,
            ConsumerRecords<byte[], byte[]> taken) {
        long transaction = history.begin();
        boolean decided = false;
        try {
            producer.beginTransaction();
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            int number = 0;
            for (ConsumerRecord<byte[], byte[]> order : taken) {
                transfer(producer, transaction, number, Long.parseLong(text(order.value())));
                number += 2;
                offsets.put(
                        new TopicPartition(order.topic(), order.partition()),
                        new OffsetAndMetadata(order.offset() + 1L));
            }
            if (taken.isEmpty()) {
                transfer(producer, transaction, 0, -1L);
            }
            if (random.nextDouble() < GIVEN_UP) {
                producer.flush();
                producer.abortTransaction();
                taken.partitions()
                        .forEach(partition -> consumer.seek(
                                partition, taken.records(partition).get(0).offset()));
                return;
            }
            if (!offsets.isEmpty()) {
                producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            }
            decided = true;
            producer.commitTransaction();
            history.end(transaction, End.COMMITTED);
        } finally {
            if (!decided) {
                history.end(transaction, End.ABORTED); // whatever became of it: nobody asked for its commit
            }
        }
    }

    private void transfer(KafkaProducer<byte[], byte[]> producer, long transaction, int number, long order) {
        int from = random.nextInt(partitions);
        int to = (from + 1 + random.nextInt(partitions - 1)) % partitions;
        long amount = 1L + random.nextInt(AMOUNT_MAX);
        write(producer, from, new Value(transaction, number, -amount, order));
        write(producer, to, new Value(transaction, number + 1, amount, order));
    }

    private void write(KafkaProducer<byte[], byte[]> producer, int partition, Value value) {
        history.wrote(new Write(partition, -1L, value));
        byte[] bytes = value.text().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(ledger, partition, null, bytes), (metadata, failure) -> {
            if (failure == null) {
                history.wrote(new Write(partition, metadata.offset(), value));
            }
        });
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Ends, and what it left open is given up. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        thread.join();
        try (KafkaProducer<byte[], byte[]> next = Clients.producer(bootstrap, "transactional.id", id)) {
            next.initTransactions();
        }
    }
}
