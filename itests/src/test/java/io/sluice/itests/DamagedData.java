package io.sluice.itests;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A data directory whose files were damaged while no broker ran, one in each partition, and what the broker serves of it afterwards. The
 * broker ends as with its machine: nothing of what was written counts as synced, so that everything is looked at again.
 */
final class DamagedData {
    private static final String TOPIC = "damaged";
    private static final int HEADER_BYTES = 61;
    private static final int LENGTH_AT = 8;
    private static final int LAST_DELTA_AT = 23;
    private static final int LOG_OVERHEAD = 12;

    private final int partitions;
    private final int records;
    private final long seed;
    private final Map<Integer, Map<Long, String>> written = new ConcurrentHashMap<>();
    private final Map<Integer, Set<Long>> reached = new HashMap<>();
    private final Map<Integer, String> done = new HashMap<>();

    /**
     * @param lost offsets that are not served though no damage reached them
     * @param foreign records that were served and never written
     * @param unnamed partitions that lost records, of which neither the doctor nor the verifier says so, nor the log's end
     */
    record Seen(int cases, long read, long lost, long foreign, int damaged, int unnamed, List<String> faults) {}

    DamagedData(int partitions, int records, long seed) {
        this.partitions = partitions;
        this.records = records;
        this.seed = seed;
    }

    Seen observe(BrokerProcess broker) throws Exception {
        Clients.createTopic(
                broker.bootstrap(),
                TOPIC,
                partitions,
                Map.of("internal.segment.bytes", "6000", "index.interval.bytes", "500"));
        write(broker.bootstrap());
        broker.kill();
        Path logs = broker.data().resolve("logs");
        for (String name : List.of("sluice-boot-id", "recovery-point-offset-checkpoint")) {
            Files.deleteIfExists(logs.resolve(name));
        }
        Random random = new Random(seed);
        for (int p = 0; p < partitions; p++) {
            damage(logs.resolve(TOPIC + "-" + p), p, random);
        }
        broker.start();
        return look(broker);
    }

    private void write(String bootstrap) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = Clients.producer(bootstrap, "batch.size", 1_000)) {
            for (int i = 0; i < records; i++) {
                for (int p = 0; p < partitions; p++) {
                    String value = "partition " + p + " record " + i + " " + "x".repeat(40);
                    Map<Long, String> of = written.computeIfAbsent(p, one -> new ConcurrentHashMap<>());
                    producer.send(
                            new ProducerRecord<>(TOPIC, p, null, value.getBytes(StandardCharsets.UTF_8)),
                            (metadata, failure) -> {
                                if (failure == null) {
                                    of.put(metadata.offset(), value);
                                }
                            });
                }
            }
            producer.flush();
        }
    }

    private void damage(Path folder, int partition, Random random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = new ArrayList<>(all.filter(Files::isRegularFile).sorted().toList());
        }
        // Half of the cases are in the records themselves.
        if (random.nextBoolean()) {
            files.removeIf(file -> !file.toString().endsWith(".log"));
        }
        files.removeIf(file -> file.toFile().length() == 0L);
        Path file = files.get(random.nextInt(files.size()));
        boolean log = file.toString().endsWith(".log");
        long size = Files.size(file);
        long from = random.nextLong(size);
        long to = from + 1L;
        byte[] before = Files.readAllBytes(file);
        int kind = random.nextInt(4);
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            if (kind == 0) {
                open.setLength(from);
                to = size;
            } else if (kind == 1) {
                to = Math.min(size, from + 1 + random.nextInt(300));
                open.seek(from);
                open.write(new byte[(int) (to - from)]);
            } else {
                open.seek(from);
                open.write(before[(int) from] ^ (1 << random.nextInt(8)));
            }
        }
        String what = kind == 0 ? "cut" : kind == 1 ? "zeroed" : "flipped";
        done.put(partition, file.getFileName() + " " + what + " from " + from + " to " + to);
        reached.put(partition, log ? offsets(ByteBuffer.wrap(before), from, to) : Set.of());
    }

    /** The offsets of the batches that have a byte in the range. */
    private static Set<Long> offsets(ByteBuffer batches, long from, long to) {
        Set<Long> offsets = new HashSet<>();
        int at = 0;
        while (batches.limit() - at >= HEADER_BYTES) {
            int end = at + LOG_OVERHEAD + batches.getInt(at + LENGTH_AT);
            if (at < to && end > from) {
                long base = batches.getLong(at);
                for (long offset = base; offset <= base + batches.getInt(at + LAST_DELTA_AT); offset++) {
                    offsets.add(offset);
                }
            }
            at = end;
        }
        return offsets;
    }

    private Seen look(BrokerProcess broker) throws Exception {
        String status = broker.command("doctor:check").out();
        String verified = broker.command("storage:verify", TOPIC).out();
        long read = 0L;
        long lost = 0L;
        long foreign = 0L;
        int damaged = 0;
        int unnamed = 0;
        List<String> faults = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            Map<Long, String> expected = written.getOrDefault(p, Map.of());
            Map<Long, String> served = new HashMap<>();
            long end = read(broker.bootstrap(), p, served);
            read += served.size();
            Set<Long> missing = new TreeSet<>(expected.keySet());
            missing.removeAll(served.keySet());
            Set<Long> unharmed = new TreeSet<>(missing);
            unharmed.removeAll(reached.getOrDefault(p, Set.of()));
            long strange = served.entrySet().stream()
                    .filter(one -> !one.getValue().equals(expected.get(one.getKey())))
                    .count();
            String name = TOPIC + "-" + p;
            boolean tail = missing.stream().allMatch(offset -> offset >= end);
            boolean named = status.contains(name + ":") || verified.contains(name + " offset");
            damaged += missing.isEmpty() ? 0 : 1;
            lost += unharmed.size();
            foreign += strange;
            if (!missing.isEmpty() && !tail && !named) {
                unnamed++;
            }
            if (strange > 0 || !unharmed.isEmpty() || (!missing.isEmpty() && !tail && !named)) {
                faults.add(name + " (" + done.get(p) + "): foreign " + strange + ", lost " + unharmed + ", named "
                        + named);
            }
        }
        return new Seen(partitions, read, lost, foreign, damaged, unnamed, faults);
    }

    /** Reads what can be read, as a client that believes the broker; where the broker refuses, the next offset is asked for. */
    private static long read(String bootstrap, int partition, Map<Long, String> into) {
        TopicPartition name = new TopicPartition(TOPIC, partition);
        try (KafkaConsumer<byte[], byte[]> consumer =
                Clients.consumer(bootstrap, "check.crcs", false, "max.partition.fetch.bytes", 4_000)) {
            consumer.assign(List.of(name));
            long end = consumer.endOffsets(List.of(name)).get(name);
            long next = consumer.beginningOffsets(List.of(name)).get(name);
            consumer.seek(name, next);
            while (next < end) {
                try {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                        into.put(record.offset(), new String(record.value(), StandardCharsets.UTF_8));
                    }
                    next = consumer.position(name);
                } catch (KafkaException e) {
                    next++;
                    consumer.seek(name, next);
                }
            }
            return end;
        }
    }
}
