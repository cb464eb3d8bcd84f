package io.sluice.itests;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Members of a share group, a thread each, that read numbered records and say what becomes of them: most are accepted, some released the first time,
 * and some are poison, which is released whenever it comes. They keep what they were answered, and note every delivery that should not have been.
 */
final class ShareConsumers implements AutoCloseable {
    static final int POLLED_MAX = 50;

    private static final int POISON_EACH = 61;
    private static final int RELEASED_EACH = 13;
    private static final int DELIVERIES_MAX = 5; // group.share.delivery.count.limit

    private final String bootstrap;
    private final String topic;
    private final String group;
    private final List<Thread> threads;
    private final Map<Long, Boolean> accepted = new ConcurrentHashMap<>();
    private final Set<Long> sent = ConcurrentHashMap.newKeySet();
    private final Map<Long, Integer> released = new ConcurrentHashMap<>();
    private final Map<Long, Integer> highestCount = new ConcurrentHashMap<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLong deliveries = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean ended;

    ShareConsumers(String bootstrap, String topic, String group, int members) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.group = group;
        this.threads = java.util.stream.IntStream.range(0, members)
                .mapToObj(i -> new Thread(this::consume, "share-consumer-" + i))
                .toList();
    }

    ShareConsumers begin() {
        threads.forEach(Thread::start);
        return this;
    }

    static boolean isPoison(long number) {
        return number % POISON_EACH == POISON_EACH - 1;
    }

    /** Numbers whose acceptance was answered. */
    int acceptedCount() {
        return accepted.size();
    }

    /** Numbers whose acceptance may have been taken down without an answer: the broker was killed in between. */
    int unansweredCount() {
        return (int)
                sent.stream().filter(number -> !accepted.containsKey(number)).count();
    }

    /** Whether a number was settled as far as its consumers know: accepted, if only perhaps, or given up after all of its deliveries. */
    boolean isSettled(long number) {
        return sent.contains(number) || highestCount.getOrDefault(number, 0) == DELIVERIES_MAX;
    }

    long deliveries() {
        return deliveries.get();
    }

    /** Acknowledgements that were not answered with success. */
    long refusedCount() {
        return refused.get();
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    private void consume() {
        try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(
                Clients.properties(
                        bootstrap,
                        "group.id",
                        group,
                        "share.acknowledgement.mode",
                        "explicit",
                        "max.poll.records",
                        POLLED_MAX),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            while (!ended) {
                handle(consumer, consumer.poll(Duration.ofMillis(200)));
            }
        } catch (RuntimeException e) {
            faults.add("a consumer failed: " + e);
        }
    }

    private void handle(KafkaShareConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            long number = ByteBuffer.wrap(record.value()).getLong();
            note(number, record);
            AcknowledgeType type = typeFor(number, record);
            consumer.acknowledge(record, type);
            if (type == AcknowledgeType.ACCEPT) {
                sent.add(number);
            }
        }
        if (records.isEmpty()) {
            return;
        }
        Map<TopicIdPartition, Optional<KafkaException>> outcomes = consumer.commitSync();
        outcomes.forEach((partition, failure) -> {
            for (ConsumerRecord<byte[], byte[]> record : records.records(partition.topicPartition())) {
                long number = ByteBuffer.wrap(record.value()).getLong();
                if (failure.isPresent()) {
                    refused.incrementAndGet();
                } else if (typeFor(number, record) == AcknowledgeType.ACCEPT) {
                    accepted.put(number, true);
                } else {
                    released.merge(number, count(record), Math::max);
                }
            }
        });
    }

    private void note(long number, ConsumerRecord<byte[], byte[]> record) {
        deliveries.incrementAndGet();
        int count = count(record);
        highestCount.merge(number, count, Math::max);
        if (accepted.containsKey(number)) {
            faults.add(number + " was delivered after its acceptance had been answered");
        }
        Integer before = released.get(number);
        if (before != null && count <= before) {
            faults.add(number + " has delivery count " + count + " after it was released with " + before);
        }
        if (count < 1 || count > DELIVERIES_MAX) {
            faults.add(number + " has delivery count " + count);
        }
    }

    private static int count(ConsumerRecord<byte[], byte[]> record) {
        return record.deliveryCount().map(Short::intValue).orElse(0);
    }

    private static AcknowledgeType typeFor(long number, ConsumerRecord<byte[], byte[]> record) {
        boolean releases = isPoison(number) || (number % RELEASED_EACH == 0 && count(record) == 1);
        return releases ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT;
    }

    @Override
    public void close() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(40));
        }
    }
}
