package io.sluice.storage.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ProducerStatus;
import io.sluice.storage.api.TransactionMarker;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.common.protocol.Errors;

/**
 * The same random history of batches, markers, cuts and restarts is given to Apache Kafka's log and to ours: errors, offsets, last stable
 * offsets, aborted transactions and producers must be the same all the time. At the end Kafka opens a copy of our folder, too.
 */
final class KafkaTransactionsProperties {
    private static final int PRODUCERS = 4;

    private static final class History implements AutoCloseable {
        final Random random;
        final Path data;
        final EngineFixture engine;
        final KafkaLog kafka;
        final String[] config;
        final int[] epochs = new int[PRODUCERS];
        final int[] sequences = new int[PRODUCERS];
        final int[] sizes = new int[PRODUCERS];
        final boolean[] open = new boolean[PRODUCERS];
        final List<Long> bases = new ArrayList<>();
        PartitionLog log;
        long highWatermark;
        int coordinatorEpoch;
        /** Then what is known of producers may lie in snapshots only, which Kafka keeps at other offsets after a crash. */
        final boolean raises;

        boolean reloaded;
        String did = "";

        History(Path data, long seed) throws IOException {
            this.random = new Random(seed);
            this.data = data;
            this.raises = random.nextBoolean();
            this.engine = new EngineFixture(new SegmentEngineFactory(), data.resolve("ours"));
            String bytes = Integer.toString(400 + random.nextInt(2000));
            this.config = new String[] {"internal.segment.bytes", bytes, "retention.ms", "-1"};
            this.log = engine.log(config);
            File folder = data.resolve("theirs/orders-eu-3").toFile();
            assertThat(folder.mkdirs()).isTrue();
            this.kafka =
                    new KafkaLog(folder, engine.time(), Map.of("internal.segment.bytes", bytes, "retention.ms", "-1"));
        }

        private long now() {
            return engine.time().milliseconds();
        }

        void step() throws IOException {
            int choice = random.nextInt(100);
            if (choice < 45) {
                data();
            } else if (choice < 75) {
                marker();
            } else if (choice < 85) {
                did = "plain";
                append(Batches.of(now(), "plain"), true, 0);
            } else if (choice < 92) {
                highWatermark += random.nextLong(log.logEndOffset() - highWatermark + 1L);
            } else if (choice < 94 && !raises) {
                // Cut, Kafka forgets where a transaction began that began below the log's start; ours knows.
                truncate();
            } else if (choice < 96 && raises) {
                raiseStart();
            } else if (choice < 98) {
                reopen();
            } else {
                engine.scheduler().runAll();
            }
            if (raises) {
                engine.scheduler().runAll();
            }
            engine.time().advance(random.nextInt(20));
            compare();
        }

        private void data() throws IOException {
            int producer = random.nextInt(PRODUCERS);
            int epoch = epochs[producer] + (random.nextInt(10) == 0 ? random.nextInt(3) - 1 : 0);
            // A producer of a coordinator's has no sequence numbers, and none of its batches comes from a client.
            boolean client = producer > 0;
            boolean repeats = client && random.nextInt(8) == 0;
            int sequence = repeats
                    ? sequences[producer] - sizes[producer]
                    : random.nextInt(12) == 0 ? random.nextInt(5) : sequences[producer];
            boolean transactional = random.nextInt(10) == 0 ? !open[producer] : open[producer] || random.nextBoolean();
            String[] values = new String[repeats ? Math.max(1, sizes[producer]) : 1 + random.nextInt(3)];
            java.util.Arrays.fill(values, "x".repeat(random.nextInt(60)));
            sequence = Math.max(0, sequence);
            epoch = Math.max(0, epoch);
            did = "producer " + producer + " epoch " + epoch + " sequence " + sequence + (client ? "" : " internal")
                    + (transactional ? " transactional" : "");
            ByteBuffer batch = transactional
                    ? Batches.transactional(producer, epoch, client ? sequence : -1, now(), values)
                    : Batches.idempotent(producer, epoch, client ? sequence : -1, now(), values);
            long before = log.logEndOffset();
            if (append(batch, client, 0) && log.logEndOffset() > before) {
                epochs[producer] = epoch;
                open[producer] |= transactional;
                sequences[producer] = client ? sequence + values.length : 0;
                sizes[producer] = values.length;
            }
        }

        private void marker() throws IOException {
            int producer = random.nextInt(PRODUCERS);
            int version = random.nextInt(3);
            int bump = random.nextInt(8) == 0 ? random.nextInt(3) - 1 : version == 2 ? 1 : 0;
            int epoch = Math.max(0, epochs[producer] + bump);
            int coordinator = coordinatorEpoch;
            if (random.nextInt(15) == 0) {
                coordinator = ++coordinatorEpoch;
            } else if (random.nextInt(10) == 0) {
                coordinator--;
            }
            boolean commit = random.nextBoolean();
            did = "marker of " + producer + " epoch " + epoch + " coordinator " + coordinator + " version " + version;
            ByteBuffer marker = new TransactionMarker(commit, coordinator).toBatch(producer, (short) epoch, now());
            if (append(marker, false, version)) {
                if (epoch != epochs[producer]) {
                    sequences[producer] = 0;
                }
                epochs[producer] = epoch;
                open[producer] = false;
            }
        }

        private static ByteBuffer copy(ByteBuffer batch) {
            return ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
        }

        /** True when it was appended, or had been before. */
        private boolean append(ByteBuffer batch, boolean client, int version) throws IOException {
            long base = log.logEndOffset();
            KafkaLog.Appended expected = kafka.append(copy(batch), client, 3, version);
            AppendResult result = log.appendAsLeader(batch, client, 3, version);
            short code = 0;
            long first = -1L;
            if (result instanceof AppendResult.Appended appended) {
                first = appended.firstOffset();
                bases.add(base);
            } else if (result instanceof AppendResult.Duplicate duplicate) {
                first = duplicate.firstOffset();
                if (reloaded && expected.error() == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER) {
                    return true; // Kafka's snapshots know a producer's last batch only, ours the last five
                }
            } else {
                code = ((AppendResult.Rejected) result).error().code();
            }
            assertThat(code)
                    .as("%s: %s, where Kafka says %s", did, result, expected)
                    .isEqualTo(expected.error().code());
            assertThat(first).as(did).isEqualTo(expected.firstOffset());
            return code == 0;
        }

        /** Kafka cuts below the high watermark only when it is lost; what is left is committed then. */
        private void truncate() throws IOException {
            bases.removeIf(base -> base <= log.logStartOffset());
            if (bases.isEmpty()) {
                return;
            }
            int at = Math.max(0, bases.size() - 1 - random.nextInt(6));
            long offset = bases.get(at);
            did = "cut at " + offset;
            bases.subList(at, bases.size()).clear();
            log.truncateTo(offset);
            kafka.truncateTo(offset);
            highWatermark = offset;
            recall();
        }

        private void raiseStart() throws IOException {
            long start = log.logStartOffset();
            if (highWatermark > start + 1L) {
                long to = start + random.nextLong(highWatermark - start);
                did = "start at " + to;
                kafka.stable(highWatermark);
                kafka.startAt(to);
                log.advanceLogStart(to);
            }
        }

        private void reopen() throws IOException {
            did = "reopened";
            log.close();
            boolean clean = raises || random.nextBoolean();
            if (clean) {
                engine.restart();
            } else {
                if (random.nextBoolean()) {
                    Files.deleteIfExists(engine.logs().resolve(LogFileNames.BOOT_ID));
                }
                engine.crash();
            }
            log = engine.log(config);
            kafka.reopen(clean);
            highWatermark = log.logEndOffset();
            // Kafka gives a segment that it did not write to since it was opened no room in its indexes when it is cut
            // to.
            bases.clear();
            recall();
        }

        /** What the producers would know of the log as it is now. */
        private void recall() throws IOException {
            reloaded = true;
            for (ProducerStatus status : log.producers()) {
                int producer = (int) status.producerId();
                epochs[producer] = status.producerEpoch();
                sequences[producer] = status.lastSequence() + 1;
                sizes[producer] = 1;
                open[producer] = status.currentTxnStartOffset() >= 0L;
            }
        }

        private void compare() throws IOException {
            assertThat(log.logStartOffset()).as(did).isEqualTo(kafka.start());
            assertThat(log.logEndOffset()).as(did).isEqualTo(kafka.end());
            // Where the log's start lies within a batch of a transaction Kafka says where the batch begins.
            assertThat(log.lastStableOffset(highWatermark))
                    .as(did)
                    .isEqualTo(Math.max(kafka.start(), kafka.stable(highWatermark)));
            assertThat(producers()).as(did).isEqualTo(kafka.producers());
            long start = log.logStartOffset();
            long end = log.logEndOffset();
            compareAborted(kafka, start, end);
            if (end > start) {
                long from = start + random.nextLong(end - start);
                compareAborted(kafka, from, from + 1L + random.nextLong(end - from));
                compareRead(from, random.nextInt(1000));
            }
        }

        private void compareRead(long from, int maxBytes) throws IOException {
            long stable = log.lastStableOffset(highWatermark);
            if (from >= stable) {
                return;
            }
            LogRead read = log.read(from, maxBytes, stable, true);
            int bytes = read.records().sizeInBytes();
            read.records().release();
            long to = read.endOffset() < 0L ? stable : read.endOffset();
            if (bytes > 0) {
                KafkaLog.CommittedRead theirs = kafka.readCommitted(from, Math.max(1, maxBytes));
                long end = Math.min(to, theirs.end());
                Set<String> ours = new TreeSet<>();
                log.abortedTransactions(from, end).forEach(one -> ours.add(one.producerId() + " " + one.firstOffset()));
                assertThat(ours)
                        .as("read at %s of %s bytes to %s, stable %s, after %s", from, maxBytes, end, stable, did)
                        .isEqualTo(theirs.abortedBelow(end));
            }
        }

        private void compareAborted(KafkaLog other, long from, long to) throws IOException {
            List<String> ours = log.abortedTransactions(from, to).stream()
                    .map(one -> one.producerId() + " " + one.firstOffset() + " " + one.lastOffset())
                    .toList();
            List<String> theirs = other.aborted(from, to).stream()
                    .map(one -> one.producerId() + " " + one.firstOffset() + " " + one.lastOffset())
                    .toList();
            assertThat(ours).as("aborted from %s to %s after %s", from, to, did).isEqualTo(theirs);
        }

        private Map<Long, KafkaLog.Producer> producers() throws IOException {
            Map<Long, KafkaLog.Producer> found = new TreeMap<>();
            for (ProducerStatus status : log.producers()) {
                found.put(
                        status.producerId(),
                        new KafkaLog.Producer(
                                status.producerEpoch(),
                                status.lastSequence(),
                                status.lastTimestampMs(),
                                status.coordinatorEpoch(),
                                status.currentTxnStartOffset()));
            }
            return found;
        }

        /** Kafka's log over a copy of our folder, after a clean end and after a crash. */
        void letKafkaOpenOurs(boolean clean) throws IOException {
            did = "opened by Kafka";
            long end = log.logEndOffset();
            long stable = log.lastStableOffset(end);
            Map<Long, KafkaLog.Producer> producers = producers();
            log.takeSnapshot();
            engine.scheduler().runAll();
            log.flush();
            Path copy = data.resolve("copy" + clean).resolve("orders-eu-3");
            Files.createDirectories(copy);
            try (Stream<Path> files = Files.list(engine.logs().resolve("orders-eu-3"))) {
                for (Path file : files.toList()) {
                    if (Files.isRegularFile(file) && !file.toString().endsWith(LogFileNames.PREPARED)) {
                        Files.copy(file, copy.resolve(file.getFileName()));
                    }
                }
            }
            try (KafkaLog opened =
                    new KafkaLog(copy.toFile(), engine.time(), Map.of(config[0], config[1], "retention.ms", "-1"))) {
                if (!clean) {
                    opened.reopen(false);
                }
                assertThat(opened.end()).isEqualTo(end);
                assertThat(Math.max(log.logStartOffset(), opened.stable(end))).isEqualTo(stable);
                assertThat(opened.producers()).isEqualTo(producers);
                compareAborted(opened, log.logStartOffset(), end);
            }
        }

        @Override
        public void close() throws IOException {
            kafka.close();
            engine.engine().close();
        }
    }

    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void shouldAgreeWithKafkaAtEveryStep(@ForAll long seed, @ForAll @IntRange(min = 20, max = 200) int steps)
            throws IOException {
        Path data = Files.createTempDirectory("transactions");
        try (History history = new History(data, seed)) {
            for (int i = 0; i < steps; i++) {
                history.step();
            }
            history.letKafkaOpenOurs(true);
            if (!history.raises) {
                history.letKafkaOpenOurs(false);
            }
        } finally {
            try (Stream<Path> tree = Files.walk(data)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
