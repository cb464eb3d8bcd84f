package io.sluice.storage.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ProducerStatus;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** Random histories of a compacted log, with crashes at every step of a compaction, against a list of what was written. */
final class CompactionProperties {
    private static final long DELETE_RETENTION_MS = 5_000L;
    private static final int KEYS = 12;

    private record Written(
            long offset,
            long timestampMs,
            String key,
            @Nullable String value) {}

    private static final class History {
        final Random random;
        final Path data;
        final String[] config;
        final long minLagMs;
        final EngineFixture engine;
        final List<Written> written = new ArrayList<>();
        final Map<Long, Integer> sequences = new HashMap<>();
        SegmentedLog store;
        PartitionLog log;

        History(Path data, long seed) throws IOException {
            this.data = data;
            this.random = new Random(seed);
            this.minLagMs = random.nextBoolean() ? 0L : 1 + random.nextInt(3_000);
            this.config = new String[] {
                "cleanup.policy", "compact",
                "internal.segment.bytes", "" + (300 + random.nextInt(1_200)),
                "index.interval.bytes", "" + random.nextInt(300),
                "min.cleanable.dirty.ratio", "0.0" + random.nextInt(10),
                "min.compaction.lag.ms", "" + minLagMs,
                "max.compaction.lag.ms", random.nextBoolean() ? "9223372036854775807" : "" + (minLagMs + 4_000),
                "delete.retention.ms", "" + DELETE_RETENTION_MS,
                "record.validation", random.nextInt(4) == 0 ? "header" : "full"
            };
            this.engine = new EngineFixture(new SegmentEngineFactory(), data);
            open();
        }

        private void open() throws IOException {
            LogConfig parsed = EngineFixture.config(config);
            store = (SegmentedLog) engine.engine().open(EngineFixture.PARTITION, parsed);
            log = PartitionLog.open(EngineFixture.PARTITION, store, parsed, engine.time(), () -> Long.MAX_VALUE);
        }

        void step() throws IOException {
            int choice = random.nextInt(100);
            if (choice < 70) {
                append();
            } else if (choice < 80) {
                engine.time().advance(random.nextInt(2_000));
            } else if (choice < 94) {
                compact();
            } else if (choice < 97) {
                log.close();
                engine.restart();
                open();
            } else {
                engine.crash();
                open();
                check("after a crash");
            }
        }

        private void append() throws IOException {
            long producer = random.nextInt(4) - 1L;
            int count = 1 + random.nextInt(4);
            RecordBatchBuilder batch = new RecordBatchBuilder()
                    .compression(CompressionType.values()[random.nextInt(CompressionType.values().length)]);
            if (producer >= 0L) {
                batch.producer(producer, (short) 0, sequences.getOrDefault(producer, 0));
                sequences.merge(producer, count, Integer::sum);
            }
            for (int i = 0; i < count; i++) {
                String key = "k" + random.nextInt(KEYS);
                long offset = log.logEndOffset() + i;
                String value = random.nextInt(5) == 0 ? null : "v" + offset + "x".repeat(random.nextInt(60));
                long now = engine.time().milliseconds() - random.nextInt(10);
                written.add(new Written(offset, now, key, value));
                batch.append(Batches.bytes(key), value == null ? null : Batches.bytes(value), now);
            }
            assertThat(log.appendAsLeader(batch.build(), true, 0)).isInstanceOf(AppendResult.Appended.class);
        }

        /** Goes on from every state in which a crash may have left the folder, the last of which is none. */
        private void compact() throws IOException {
            engine.scheduler().runAll();
            Map<String, byte[]> before = files();
            long highWatermark = log.logEndOffset() - random.nextInt(5);
            log.maintain(Math.max(0L, highWatermark));
            engine.scheduler().runPending();
            check("after a compaction");
            Map<String, byte[]> after = files();
            List<Long> bases = bases(after);
            for (int i = 0; i + 1 < bases.size() && random.nextInt(3) == 0; i++) {
                List<Long> group = new ArrayList<>(bases(before));
                long from = bases.get(i);
                long to = bases.get(i + 1);
                group.removeIf(base -> base < from || base >= to);
                byte[] rewritten = after.get(LogFileNames.of(from, LogFileNames.LOG));
                if (!group.isEmpty()
                        && !java.util.Arrays.equals(rewritten, before.get(LogFileNames.of(from, LogFileNames.LOG)))) {
                    for (int step = 0; step <= 2 + group.size(); step++) {
                        crashAt(step, before, after, group, rewritten);
                    }
                }
            }
        }

        private void crashAt(
                int step, Map<String, byte[]> before, Map<String, byte[]> after, List<Long> group, byte[] rewritten)
                throws IOException {
            long base = group.get(0);
            Path other = data.resolveSibling("crash");
            deleteTree(other);
            Path folder = Files.createDirectories(other.resolve("logs/orders-eu-3"));
            for (Map.Entry<String, byte[]> file : before.entrySet()) {
                boolean earlier = LogFileNames.offsetOf(file.getKey(), LogFileNames.LOG) < base;
                boolean earlierIndex = file.getKey().compareTo(LogFileNames.of(base, "")) < 0;
                if (!earlier && !earlierIndex || !file.getKey().endsWith(LogFileNames.LOG) && !isIndex(file.getKey())) {
                    Files.write(folder.resolve(file.getKey()), file.getValue());
                }
            }
            for (Map.Entry<String, byte[]> file : after.entrySet()) {
                if (file.getKey().compareTo(LogFileNames.of(base, "")) < 0
                        && !file.getKey().endsWith(".snapshot")) {
                    Files.write(folder.resolve(file.getKey()), file.getValue());
                }
            }
            String log = LogFileNames.of(base, LogFileNames.LOG);
            if (step == 0) {
                byte[] half = java.util.Arrays.copyOf(rewritten, rewritten.length / 2);
                Files.write(folder.resolve(log + LogFileNames.CLEANED), half);
            } else {
                Files.write(folder.resolve(log + LogFileNames.SWAP), rewritten);
            }
            for (int i = 0; i < Math.min(step - 1, group.size()); i++) {
                for (String suffix : List.of(LogFileNames.LOG, LogFileNames.INDEX, LogFileNames.TIME_INDEX)) {
                    Path file = folder.resolve(LogFileNames.of(group.get(i), suffix));
                    if (Files.exists(file)) {
                        Files.move(
                                file,
                                file.resolveSibling(file.getFileName() + LogFileNames.DELETED),
                                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
            if (step == 2 + group.size()) {
                Files.move(folder.resolve(log + LogFileNames.SWAP), folder.resolve(log));
            }
            try (Stream<Path> all = Files.list(folder)) {
                for (Path snapshot : all.filter(file -> file.toString().endsWith(".snapshot"))
                        .toList()) {
                    Files.delete(snapshot);
                }
            }
            EngineFixture crashed = new EngineFixture(new SegmentEngineFactory(), other);
            SegmentedLog found = (SegmentedLog) crashed.store(config);
            check("at step " + step + " of the group " + group, found);
            checkProducers(PartitionLog.open(
                    EngineFixture.PARTITION,
                    found,
                    EngineFixture.config(config),
                    crashed.time(),
                    () -> Long.MAX_VALUE));
            crashed.engine().close();
        }

        private static boolean isIndex(String name) {
            return name.endsWith("index");
        }

        private void checkProducers(PartitionLog opened) throws IOException {
            Map<Long, Integer> found = new TreeMap<>();
            for (ProducerStatus status : opened.producers()) {
                found.put(status.producerId(), status.lastSequence() + 1);
            }
            assertThat(found).isEqualTo(new TreeMap<>(sequences));
        }

        private static List<Long> bases(Map<String, byte[]> files) {
            return files.keySet().stream()
                    .map(name -> LogFileNames.offsetOf(name, LogFileNames.LOG))
                    .filter(base -> base >= 0L)
                    .sorted()
                    .toList();
        }

        private Map<String, byte[]> files() throws IOException {
            Map<String, byte[]> files = new TreeMap<>();
            try (Stream<Path> all = Files.list(engine.logs().resolve("orders-eu-3"))) {
                for (Path file : all.toList()) {
                    files.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
            return files;
        }

        void check(String when) throws IOException {
            check(when, store);
            checkProducers(log);
        }

        private void check(String when, SegmentedLog log) throws IOException {
            Map<Long, Written> all = new HashMap<>();
            Map<String, Written> newest = new HashMap<>();
            for (Written record : written) {
                all.put(record.offset(), record);
                newest.put(record.key(), record);
            }
            assertThat(log.logEndOffset()).as(when).isEqualTo(written.size());
            assertThat(log.logStartOffset()).as(when).isZero();
            Map<Long, Written> found = new TreeMap<>();
            Map<String, Written> oldest = new HashMap<>();
            for (Batches.Read read : read(log)) {
                Written record =
                        new Written(read.offset(), read.timestampMs(), String.valueOf(read.key()), read.value());
                assertThat(record).as(when).isEqualTo(all.get(read.offset()));
                assertThat(found.put(read.offset(), record)).as(when).isNull();
                oldest.putIfAbsent(record.key(), record);
            }
            for (Written last : newest.values()) {
                if (last.value() != null) {
                    assertThat(found).as(when).containsKey(last.offset());
                } else if (!found.containsKey(last.offset())) {
                    assertThat(oldest).as("a key that was deleted, %s", when).doesNotContainKey(last.key());
                    assertThat(engine.time().milliseconds() - last.timestampMs())
                            .as("the age of a tombstone that is gone, %s", when)
                            .isGreaterThanOrEqualTo(DELETE_RETENTION_MS);
                }
            }
            long active = log.segments().active().baseOffset();
            for (Written record : written) {
                boolean young = engine.time().milliseconds() - record.timestampMs() < minLagMs;
                if (record.offset() >= active || young) {
                    assertThat(found).as("what is too young, %s", when).containsKey(record.offset());
                }
            }
        }

        /** Batch by batch, for one may be empty. */
        private static List<Batches.Read> read(SegmentedLog log) throws IOException {
            List<Batches.Read> all = new ArrayList<>();
            for (LogSegment segment : log.segments().all()) {
                var open = segment.acquire();
                try {
                    HeaderWalk walk = new HeaderWalk(open.channel(), 0, segment.sizeInBytes());
                    while (walk.next()) {
                        all.addAll(Batches.read(segment.reads().load(open.channel(), walk)));
                    }
                } finally {
                    open.release();
                }
            }
            return all;
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> tree = Files.walk(root)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Property(tries = 25, shrinking = net.jqwik.api.ShrinkingMode.OFF)
    void shouldKeepTheNewestOfEachKeyWhateverHappens(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("sluice-compaction");
        try {
            History history = new History(folder.resolve("data"), seed);
            for (int i = 0; i < 120; i++) {
                history.step();
            }
            history.check("at the end");
            history.engine.engine().close();
        } finally {
            deleteTree(folder);
        }
    }
}
