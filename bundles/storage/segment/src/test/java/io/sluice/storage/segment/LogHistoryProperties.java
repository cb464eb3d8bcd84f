package io.sluice.storage.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.TimestampOffset;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Random histories of appends, cuts, flushes, restarts, kills and torn tails, against a list of records. */
final class LogHistoryProperties {
    private record Expected(long offset, long batch, long timestampMs, String value) {}

    private static final class History {
        final EngineFixture engine;
        final Random random;
        final String[] config;
        final List<Expected> records = new ArrayList<>();
        LogStore store;
        long start;
        long end;

        History(Path data, long seed) throws IOException {
            this.random = new Random(seed);
            this.engine = new EngineFixture(new SegmentEngineFactory(), data);
            this.config = new String[] {
                "internal.segment.bytes", "" + (300 + random.nextInt(3000)),
                "index.interval.bytes", "" + random.nextInt(500),
                "retention.ms", "-1"
            };
            this.store = engine.store(config);
        }

        void step() throws IOException {
            int choice = random.nextInt(100);
            if (choice < 60) {
                append();
            } else if (choice < 75) {
                checkRead();
            } else if (choice < 80) {
                truncate();
            } else if (choice < 84) {
                engine.scheduler().runAll();
            } else if (choice < 87) {
                raiseStart();
            } else if (choice < 90) {
                store.maintain(end);
            } else if (choice < 93) {
                reopen(() -> engine.restart());
            } else if (choice < 96) {
                reopen(() -> engine.crash());
            } else if (choice < 98) {
                tearTail();
            } else {
                Files.deleteIfExists(engine.logs().resolve(LogFileNames.BOOT_ID));
                reopen(() -> engine.crash());
            }
        }

        private void append() throws IOException {
            String[] values = new String[1 + random.nextInt(4)];
            long timestamp = engine.time().milliseconds() + random.nextInt(50);
            long batch = end;
            for (int i = 0; i < values.length; i++) {
                values[i] = "v" + end + "." + random.nextInt() + "x".repeat(random.nextInt(200));
                records.add(new Expected(end++, batch, timestamp, values[i]));
            }
            engine.time().advance(random.nextInt(20));
            EngineFixture.append(store, timestamp, values);
        }

        private void truncate() throws IOException {
            if (end > start) {
                long at = start + random.nextLong(end - start) + 1;
                store.truncateTo(at);
                records.removeIf(record -> record.offset() >= at || batchEnd(record.batch()) > at);
                end = records.isEmpty()
                        ? start
                        : records.get(records.size() - 1).offset() + 1;
                end = Math.max(start, Math.max(end, store.logEndOffset() == at ? at : end));
                records.removeIf(record -> end == start);
                assertThat(store.logEndOffset()).isEqualTo(end);
            }
        }

        private long batchEnd(long batch) {
            return records.stream()
                            .filter(record -> record.batch() == batch)
                            .mapToLong(Expected::offset)
                            .max()
                            .orElse(batch)
                    + 1;
        }

        private void raiseStart() throws IOException {
            start = start + random.nextLong(end - start + 1);
            store.advanceLogStart(start);
        }

        private void tearTail() throws IOException {
            String newest = "";
            Path folder = engine.logs().resolve("orders-eu-3");
            for (String name : Objects.requireNonNull(folder.toFile().list())) {
                newest = LogFileNames.offsetOf(name, ".log") >= 0 && name.compareTo(newest) > 0 ? name : newest;
            }
            boolean unnamed = Objects.requireNonNull(folder.toFile().list()).length > 0
                    && Stream.of(Objects.requireNonNull(folder.toFile().list()))
                            .anyMatch(name -> name.endsWith(".prepared"));
            if (!newest.isEmpty() && !unnamed) {
                byte[] garbage = new byte[1 + random.nextInt(100)];
                random.nextBytes(garbage);
                Files.write(folder.resolve(newest), garbage, StandardOpenOption.APPEND);
            }
            reopen(() -> engine.crash());
        }

        private interface Reopening {
            void run() throws IOException;
        }

        private void reopen(Reopening how) throws IOException {
            how.run();
            store = engine.store(config);
            assertThat(store.logEndOffset()).isEqualTo(end);
            assertThat(store.logStartOffset()).isEqualTo(start);
        }

        private void checkRead() throws IOException {
            if (end == start) {
                return;
            }
            long from = start + random.nextLong(end - start);
            long to = from + random.nextLong(end - from + 1);
            int maxBytes = random.nextInt(2000);
            boolean least = random.nextBoolean();
            LogRead read = store.read(from, maxBytes, to, least);
            List<Batches.Read> got = Batches.read(Batches.take(read.records()));
            Expected first = find(from);
            if (batchEnd(first.batch()) > to) {
                assertThat(got).isEmpty();
            } else if (got.isEmpty()) {
                assertThat(least).isFalse();
            } else {
                assertThat(got.get(0).offset()).isEqualTo(first.batch()).isEqualTo(read.firstOffset());
                long next = first.batch();
                for (Batches.Read record : got) {
                    assertThat(record.offset()).isEqualTo(next++).isLessThan(to);
                    Expected expected = lookUp(record.offset());
                    if (expected != null) {
                        assertThat(record.value()).isEqualTo(expected.value());
                    }
                }
            }
        }

        private Expected find(long offset) {
            return Objects.requireNonNull(lookUp(offset));
        }

        private @Nullable Expected lookUp(long offset) {
            return records.stream()
                    .filter(record -> record.offset() == offset)
                    .findFirst()
                    .orElse(null);
        }

        void checkAll() throws IOException {
            List<String> expected = records.stream()
                    .filter(record -> record.offset() >= start)
                    .map(Expected::value)
                    .toList();
            assertThat(EngineFixture.values(store)).isEqualTo(expected);
            long newest = records.stream()
                    .filter(record -> record.offset() >= start)
                    .mapToLong(Expected::timestampMs)
                    .max()
                    .orElse(-1);
            TimestampOffset latest = store.latestTimestamp();
            if (newest >= 0) {
                assertThat(Objects.requireNonNull(latest).timestampMs()).isEqualTo(newest);
                assertThat(store.firstAtOrAfter(newest)).isEqualTo(latest);
                long time = newest - random.nextInt(200);
                TimestampOffset found = Objects.requireNonNull(store.firstAtOrAfter(time));
                long wanted = records.stream()
                        .filter(record -> record.offset() >= start && record.timestampMs() >= time)
                        .mapToLong(Expected::offset)
                        .min()
                        .orElseThrow();
                assertThat(found.offset()).isEqualTo(wanted);
            }
        }
    }

    @Property(tries = 40)
    void shouldHaveWhatItShouldHave(@ForAll long seed, @ForAll @IntRange(min = 20, max = 150) int steps)
            throws IOException {
        Path data = Files.createTempDirectory("history");
        try {
            History history = new History(data, seed);
            for (int i = 0; i < steps; i++) {
                history.step();
            }
            history.checkAll();
        } finally {
            delete(data);
        }
    }

    @Property(tries = 200)
    void shouldFindTheFloorOfAnyOffsetAndPosition(@ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int entries)
            throws IOException {
        Path file = Files.createTempFile("floor", ".index");
        try {
            Random random = new Random(seed);
            OffsetIndex index = OffsetIndex.empty(file, 1000);
            long[] offsets = new long[entries];
            int[] positions = new int[entries];
            long offset = 1000;
            int position = 0;
            for (int i = 0; i < entries; i++) {
                offsets[i] = offset += 1 + random.nextInt(10);
                positions[i] = position += 1 + random.nextInt(100);
                index.append(offset, position);
                if (random.nextInt(20) == 0) {
                    index.persist();
                }
            }
            index.persist();
            index.evict();
            OffsetIndex read = random.nextBoolean() ? index : OffsetIndex.onFile(file, 1000);
            for (int i = 0; i < 50; i++) {
                long askedOffset = 995 + random.nextInt(10 + (int) (offset - 1000));
                int askedPosition = random.nextInt(position + 10);
                int byOffset = 0;
                int byPosition = 0;
                for (int j = 0; j < entries; j++) {
                    byOffset = offsets[j] <= askedOffset ? positions[j] : byOffset;
                    byPosition = positions[j] <= askedPosition ? positions[j] : byPosition;
                }
                assertThat(read.floorOfOffset(askedOffset)).isEqualTo(byOffset);
                assertThat(read.floorOfPosition(askedPosition)).isEqualTo(byPosition);
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
