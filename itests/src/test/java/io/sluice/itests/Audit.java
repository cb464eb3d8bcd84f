package io.sluice.itests;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads a load's topic from its beginning and counts what is lost, duplicated or out of order. */
record Audit(long read, long lost, long duplicated, long reordered) {

    static Audit of(String bootstrap, Load load) {
        return of(bootstrap, load.topic(), load.partitions(), load);
    }

    private static Audit of(String bootstrap, String topic, int partitions, Load load) {
        long read = 0;
        long lost = 0;
        long duplicated = 0;
        long reordered = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(bootstrap)) {
            List<TopicPartition> all = new ArrayList<>();
            long[] next = new long[partitions];
            for (int i = 0; i < partitions; i++) {
                all.add(new TopicPartition(topic, i));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            var ends = consumer.endOffsets(all);
            boolean more = true;
            long quiet = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (more && System.nanoTime() < quiet) {
                for (ConsumerRecord<byte[], byte[]> record : poll(consumer)) {
                    quiet = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                    long number = ByteBuffer.wrap(record.value()).getLong(0);
                    int partition = record.partition();
                    if (number == next[partition]) {
                        next[partition]++;
                    } else if (number > next[partition]) {
                        lost += number - next[partition];
                        next[partition] = number + 1;
                    } else if (number == next[partition] - 1) {
                        duplicated++;
                    } else {
                        reordered++;
                    }
                    read++;
                }
                more = false;
                for (TopicPartition one : all) {
                    more |= consumer.position(one) < ends.get(one);
                }
            }
            for (int i = 0; i < partitions; i++) {
                lost += Math.max(0L, load.highest(i) + 1 - next[i]);
            }
        }
        return new Audit(read, lost, duplicated, reordered);
    }

    /** What the broker says is damaged ends the reading of that partition: what follows counts as lost. */
    private static ConsumerRecords<byte[], byte[]> poll(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            return consumer.poll(Duration.ofMillis(200));
        } catch (KafkaException e) {
            String message = String.valueOf(e.getMessage());
            List<TopicPartition> damaged = consumer.assignment().stream()
                    .filter(partition -> message.endsWith(" " + partition))
                    .toList();
            if (!message.contains("corrupt message") || damaged.isEmpty()) {
                throw e;
            }
            consumer.seekToEnd(damaged);
            return ConsumerRecords.empty();
        }
    }

    boolean isClean() {
        return lost == 0 && duplicated == 0 && reordered == 0;
    }
}
