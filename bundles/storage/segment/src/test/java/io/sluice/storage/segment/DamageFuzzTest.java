package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.storage.api.CorruptRangeException;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.LogVerification;
import io.sluice.storage.api.LogVerifier;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ReadPace;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of every kind in a data directory are truncated, overwritten, swapped and deleted, by seed: the engine opens, serves what is
 * whole, serves nothing that was not written, and names what is lost.
 */
final class DamageFuzzTest {
    private static final String[] CONFIG = {"internal.segment.bytes", "900", "index.interval.bytes", "150"};
    private static final int CASES = Integer.getInteger("damage.cases", 1_000);
    private static final long FIRST_SEED = Long.getLong("damage.seed", 1L);
    private static final int PARTITIONS = 2;

    @TempDir
    Path temp;

    private final Map<Integer, Map<Long, String>> written = new HashMap<>();

    private static TopicIdPartition partition(int number) {
        return new TopicIdPartition(new Uuid(5L, 6L), "orders", number);
    }

    private static LogConfig topic() {
        return config(CONFIG);
    }

    /** A directory with all kinds of files, closed cleanly. */
    private void write(Path data) throws IOException {
        EngineFixture engine = new EngineFixture(new SegmentEngineFactory(), data);
        for (int p = 0; p < PARTITIONS; p++) {
            Map<Long, String> records = new HashMap<>();
            PartitionLog log = PartitionLog.open(
                    partition(p), engine.engine().open(partition(p), topic()), topic(), engine.time(), () -> 1L << 40);
            for (int i = 0; i < 40; i++) {
                long first = log.logEndOffset();
                String value = "p" + p + " v" + i;
                log.appendAsLeader(
                        Batches.idempotent(9, 0, 2 * i, engine.time().milliseconds() + i, value, value + "b"),
                        true,
                        i / 15);
                records.put(first, value);
                records.put(first + 1, value + "b");
                if (i == 20) {
                    engine.scheduler().runAll();
                }
            }
            written.put(p, records);
            log.close();
        }
        engine.engine().close();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path entry : tree.toList()) {
                Path target = to.resolve(from.relativize(entry).toString());
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(entry, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    private static List<Path> files(Path data) throws IOException {
        try (Stream<Path> tree = Files.walk(data)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void shouldOpenWhateverTheDamageAndServeOnlyWhatWasWritten() throws IOException {
        Path origin = temp.resolve("origin");
        write(origin);
        int named = 0;
        int refused = 0;
        for (int i = 0; i < CASES; i++) {
            long seed = FIRST_SEED + i;
            Path data = temp.resolve("case" + seed);
            copy(origin, data);
            try {
                Outcome outcome = new Case(new Random(seed), data).run();
                named += outcome.named ? 1 : 0;
                refused += outcome.refused ? 1 : 0;
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " (-Ddamage.seed=" + seed + "): " + e, e);
            }
            remove(data);
        }
        assertThat(named).as("cases whose damage was named").isGreaterThan(CASES / 10);
        assertThat(refused).as("partitions that were refused").isLessThan(CASES / 20 + 1);
    }

    private record Outcome(boolean named, boolean refused) {}

    private final class Case {
        private final Random random;
        private final Path logs;
        private final Path victim;
        private String done = "";
        private boolean logTouched;
        private boolean wholeFile;
        private long touchedFrom;
        private long touchedTo = Long.MAX_VALUE;

        Case(Random random, Path data) throws IOException {
            this.random = random;
            this.logs = data.resolve("logs");
            List<Path> all = files(logs);
            this.victim = all.get(random.nextInt(all.size()));
            damage(all);
            int crash = random.nextInt(3);
            if (crash > 0) {
                Files.deleteIfExists(logs.resolve(LogFileNames.CLEAN_SHUTDOWN));
                Files.deleteIfExists(logs.resolve(LogFileNames.CLEAN_LOGS));
            }
            if (crash > 1) {
                Files.deleteIfExists(logs.resolve(LogFileNames.BOOT_ID));
            }
            done += ", crash " + crash;
        }

        private void damage(List<Path> all) throws IOException {
            done = victim.getFileName().toString();
            logTouched = done.endsWith(LogFileNames.LOG);
            int kind = random.nextInt(6);
            long size = Files.size(victim);
            try (RandomAccessFile file = new RandomAccessFile(victim.toFile(), "rw")) {
                if (kind == 0 || size == 0) {
                    touchedFrom = size == 0 ? 0 : random.nextLong(size);
                    file.setLength(touchedFrom);
                    done += " truncated at " + touchedFrom + " of " + size;
                } else if (kind == 1) {
                    touchedFrom = random.nextLong(size);
                    touchedTo = touchedFrom + 1;
                    file.seek(touchedFrom);
                    int before = file.read();
                    file.seek(touchedFrom);
                    file.write(before ^ (1 << random.nextInt(8)));
                    done += " bit flipped at " + touchedFrom;
                } else if (kind == 2) {
                    touchedFrom = random.nextLong(size);
                    touchedTo = Math.min(size, touchedFrom + 1 + random.nextInt(200));
                    file.seek(touchedFrom);
                    file.write(new byte[(int) (touchedTo - touchedFrom)]);
                    done += " zeros from " + touchedFrom + " to " + touchedTo;
                } else if (kind == 3) {
                    touchedFrom = size;
                    byte[] garbage = new byte[1 + random.nextInt(300)];
                    random.nextBytes(garbage);
                    file.seek(size);
                    file.write(garbage);
                    done += " garbage appended";
                }
            }
            if (size > 0 && kind == 4) {
                wholeFile = true;
                Files.delete(victim);
                done += " deleted";
            } else if (size > 0 && kind == 5) {
                Path other = swapWith(all);
                wholeFile = true;
                Path aside = victim.resolveSibling("aside");
                Files.move(victim, aside);
                Files.move(other, victim);
                Files.move(aside, other);
                logTouched |= other.toString().endsWith(LogFileNames.LOG);
                done += " swapped with " + other.getFileName();
            }
        }

        /** Another file of the same folder: what lies in another partition is not to be told from what belongs here. */
        private Path swapWith(List<Path> all) {
            List<Path> others = all.stream()
                    .filter(file -> file.getParent().equals(victim.getParent()) && !file.equals(victim))
                    .toList();
            return others.get(random.nextInt(others.size()));
        }

        Outcome run() throws IOException {
            EngineFixture engine;
            try {
                engine = new EngineFixture(new SegmentEngineFactory(), logs.getParent());
            } catch (IOException | RuntimeException e) {
                throw new AssertionError("the engine did not open after: " + done, e);
            }
            boolean named = false;
            boolean refused = false;
            for (int p = 0; p < PARTITIONS; p++) {
                LogStore store;
                try {
                    store = engine.engine().open(partition(p), topic());
                } catch (IOException e) {
                    refused = true;
                    continue;
                }
                try {
                    named |= check(engine, store, p);
                } catch (IOException | RuntimeException e) {
                    throw new AssertionError("partition " + p + " after: " + done, e);
                }
            }
            engine.engine().close();
            return new Outcome(named, refused);
        }

        private boolean check(EngineFixture engine, LogStore store, int p) throws IOException {
            Map<Long, String> records = written.get(p);
            Set<Long> seen = new HashSet<>();
            boolean foreign = read(store, records, seen);
            LogVerification verified = new LogVerifier(ReadPace.UNBOUNDED).verify(store, topic());
            if (foreign && verified.isSound()) {
                fail("a batch that is damaged was served, and the verifier finds nothing, after: " + done);
            }
            boolean mine = victim.getParent().getFileName().toString().equals("orders-" + p);
            boolean hurt = mine && logTouched;
            List<Long> lost = new ArrayList<>();
            for (long offset = 0; offset < records.size(); offset++) {
                if (!seen.contains(offset)) {
                    lost.add(offset);
                }
            }
            if (!hurt) {
                assertThat(lost)
                        .as("lost from a log that is whole, after: " + done)
                        .isEmpty();
            } else if (!wholeFile) {
                assertThat(lost).as("lost outside the damage, after: " + done).isSubsetOf(touched());
            }
            boolean tail = lost.isEmpty()
                    || lost.get(0) >= store.logEndOffset()
                    || lost.get(lost.size() - 1) < store.logStartOffset();
            if (!tail && store.damage().isEmpty() && verified.isSound()) {
                fail("offsets " + lost + " are gone and nobody says so, after: " + done);
            }
            goOn(engine, store, p, records);
            return !lost.isEmpty();
        }

        /** The offsets of the batches that the damage can have reached. */
        private Set<Long> touched() throws IOException {
            Path origin = temp.resolve("origin")
                    .resolve("logs")
                    .resolve(logs.relativize(victim).toString());
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(origin));
            RecordBatchIterator batches = new RecordBatchIterator(bytes);
            Set<Long> offsets = new HashSet<>();
            while (batches.next()) {
                int from = batches.batch().position();
                int to = from + batches.batch().sizeInBytes();
                if (from < touchedTo && to > touchedFrom) {
                    for (long o = batches.batch().baseOffset();
                            o <= batches.batch().lastOffset();
                            o++) {
                        offsets.add(o);
                    }
                }
            }
            return offsets;
        }

        /** Reads everything; true when a batch came whose damage a client sees by its CRC or header. */
        private boolean read(LogStore store, Map<Long, String> records, Set<Long> seen) throws IOException {
            boolean damaged = false;
            long next = store.logStartOffset();
            long end = store.logEndOffset();
            while (next < end) {
                LogRead read;
                try {
                    read = store.read(next, 1 + random.nextInt(1000), end, true);
                } catch (CorruptRangeException e) {
                    assertThat(e.damage().contains(next)).isTrue();
                    next = e.damage().nextOffset();
                    continue;
                }
                long before = next;
                ByteBuffer bytes = Batches.take(read.records());
                if (!bytes.hasRemaining()) {
                    break;
                }
                RecordBatchIterator batches = new RecordBatchIterator(bytes);
                while (nextBatch(batches)) {
                    boolean whole = batches.batch().magic() == RecordBatchFormat.MAGIC_V2
                            && batches.batch().isValidCrc();
                    long last = batches.batch().lastOffset();
                    if (!whole || last < next || last >= end) {
                        damaged = true;
                        continue;
                    }
                    damaged |= take(batches, records, seen);
                    next = last + 1;
                }
                if (next == before) {
                    damaged = true;
                    next++;
                }
            }
            return damaged;
        }

        private boolean nextBatch(RecordBatchIterator batches) {
            try {
                return batches.next();
            } catch (RuntimeException e) {
                return false;
            }
        }

        /** The base offset is not covered by the CRC: a batch at another place is damaged too, if the verifier says so. */
        private boolean take(RecordBatchIterator batches, Map<Long, String> records, Set<Long> seen) {
            ByteBuffer one = batches.batch()
                    .buffer()
                    .slice(batches.batch().position(), batches.batch().sizeInBytes());
            for (Batches.Read record : Batches.read(one)) {
                if (!String.valueOf(record.value()).equals(records.get(record.offset()))) {
                    assertThat(records)
                            .as("a record that was never written, after: " + done)
                            .containsValue(String.valueOf(record.value()));
                    return true;
                }
                seen.add(record.offset());
            }
            return false;
        }

        private void goOn(EngineFixture engine, LogStore store, int p, Map<Long, String> records) throws IOException {
            long end = store.logEndOffset();
            PartitionLog log = PartitionLog.open(partition(p), store, topic(), engine.time(), () -> 1L << 40);
            log.load();
            boolean damaged = !store.damage().isEmpty();
            log.appendAsLeader(Batches.of(engine.time().milliseconds(), "next"), true, 7);
            assertThat(log.logEndOffset()).isEqualTo(damaged ? end : end + 1);
            log.close();
        }
    }
}
