package io.sluice.itests;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Which record stands at which offset of a topic, with which timestamp, up to the topic's end at some moment. */
record RecordPrint(Map<String, String> records) {
    static RecordPrint of(String bootstrap, String topic, int partitions) {
        Map<String, String> records = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(bootstrap)) {
            List<TopicPartition> all = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                all.add(new TopicPartition(topic, i));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            boolean more = true;
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (more && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    records.put(
                            record.partition() + "/" + record.offset(),
                            ByteBuffer.wrap(record.value()).getLong(0) + " at " + record.timestamp());
                }
                more = false;
                for (TopicPartition one : all) {
                    more |= consumer.position(one) < ends.get(one);
                }
            }
        }
        return new RecordPrint(records);
    }

    /** How many of these records are another, or are not there, in the topic as it is now. */
    long changedIn(RecordPrint now) {
        return records.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(now.records().get(entry.getKey())))
                .count();
    }
}
