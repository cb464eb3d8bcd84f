import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Arguments: bootstrap, durability, producers, seconds. So many producers at once write 1 KiB records with acks=all, each as fast as it
 * can, to a topic of 8 partitions; one line: MB/s of record values that were acknowledged.
 */
final class DurableProduce {
    private static final int RECORD_BYTES = 1024;
    private static final int WARM_UP_SECONDS = 3;

    public static void main(String[] args) throws Exception {
        String topic = "bench-" + args[1] + "-" + System.nanoTime();
        Properties properties = new Properties();
        properties.put("bootstrap.servers", args[0]);
        try (Admin admin = Admin.create(properties)) {
            admin.createTopics(List.of(new NewTopic(topic, 8, (short) 1).configs(Map.of("durability", args[1]))))
                    .all()
                    .get();
        }
        properties.put("acks", "all");
        properties.put("buffer.memory", "4194304");
        properties.put("max.block.ms", "120000");
        LongAdder acknowledged = new LongAdder();
        LongAdder errors = new LongAdder();
        long begun = System.nanoTime();
        long warm = begun + WARM_UP_SECONDS * 1_000_000_000L;
        long end = warm + Long.parseLong(args[3]) * 1_000_000_000L;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            Thread thread = new Thread(() -> {
                try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
                    byte[] value = new byte[RECORD_BYTES];
                    while (System.nanoTime() < end) {
                        producer.send(new ProducerRecord<>(topic, value), (metadata, failure) -> {
                            long now = System.nanoTime();
                            if (failure != null) {
                                errors.increment();
                            } else if (now >= warm && now < end) {
                                acknowledged.add(RECORD_BYTES);
                            }
                        });
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                "durability=%s producers=%s mb_s=%.1f errors=%d%n",
                args[1], args[2], acknowledged.sum() / 1e6 / Long.parseLong(args[3]), errors.sum());
        try (Admin admin = Admin.create(properties)) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }
}
