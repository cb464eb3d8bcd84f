package io.sluice.itests;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What a reader of committed records finds in a topic: for each partition and offset the timestamp, key and value as text. */
final class TopicContents {
    private TopicContents() {}

    static TreeMap<String, String> of(String bootstrap, String topic, int partitions) {
        TreeMap<String, String> found = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(bootstrap, "isolation.level", "read_committed")) {
            List<TopicPartition> all = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                all.add(new TopicPartition(topic, i));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            boolean more = true;
            while (more && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    found.put(
                            String.format("%d %05d", record.partition(), record.offset()),
                            record.timestamp() + " " + text(record.key()) + " " + text(record.value()));
                }
                more = false;
                for (TopicPartition one : all) {
                    more |= consumer.position(one) < ends.get(one);
                }
            }
        }
        return found;
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** How many entries are missing, added or changed. */
    static long differences(Map<String, String> expected, Map<String, String> found) {
        long differences = expected.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(found.get(entry.getKey())))
                .count();
        return differences
                + found.keySet().stream()
                        .filter(key -> !expected.containsKey(key))
                        .count();
    }
}
