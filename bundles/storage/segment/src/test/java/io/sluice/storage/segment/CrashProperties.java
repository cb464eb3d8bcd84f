package io.sluice.storage.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.kit.EngineFixture;
import io.sluice.storage.kit.FaultyDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random appends, syncs, rolls and crashes on a disk that forgets what was not synced. */
final class CrashProperties {
    private static final class History {
        final FaultyDisk disk;
        final Path data;
        final Random random;
        final EngineFixture engine;
        final String[] config;
        final List<String> written = new ArrayList<>();
        LogStore store;
        /** Where the log begins: above 0 once a crash took a first segment of which nothing was safe yet. */
        int begin;

        History(Path real, long seed) throws IOException {
            disk = new FaultyDisk(real);
            data = disk.root();
            random = new Random(seed);
            engine = new EngineFixture(new SegmentEngineFactory(), data);
            config = new String[] {
                "internal.segment.bytes",
                "" + (500 + random.nextInt(4000)),
                "index.interval.bytes",
                "" + random.nextInt(400),
                "retention.ms",
                "-1",
                "durability",
                "group"
            };
            store = engine.store(config);
        }

        void step() throws IOException {
            int choice = random.nextInt(100);
            if (choice < 60) {
                append();
            } else if (choice < 75) {
                store.flush();
                assertThat(store.flushedOffset()).isEqualTo(written.size());
            } else if (choice < 82) {
                engine.scheduler().runAll();
            } else if (choice < 86) {
                ((SegmentEngine) engine.engine()).checkpoint();
            } else if (choice < 88) {
                store.maintain(written.size());
            } else if (choice < 91) {
                engine.restart();
                reopen(written.size());
            } else if (choice < 95) {
                disk.killProcess();
                engine.crash();
                reopen(written.size());
            } else {
                machineCrash(random.nextBoolean());
            }
        }

        void append() throws IOException {
            String[] values = new String[1 + random.nextInt(4)];
            for (int i = 0; i < values.length; i++) {
                values[i] = "v" + written.size() + "." + random.nextInt() + "." + "x".repeat(random.nextInt(400));
                written.add(values[i]);
            }
            EngineFixture.append(store, engine.time().milliseconds(), values);
        }

        void machineCrash(boolean torn) throws IOException {
            long safe = store.flushedOffset();
            disk.crash(random, torn);
            Path boot = engine.logs().resolve(LogFileNames.BOOT_ID);
            if (Files.exists(boot)) {
                Files.writeString(boot, "another boot\n");
            }
            engine.crash();
            reopen(safe);
        }

        /** What was safe is there, and what else is there was written so. */
        void reopen(long safe) throws IOException {
            store = engine.store(config);
            List<LogDamage> damage = store.damage();
            if (!damage.isEmpty()) { // what was not synced was torn with something whole behind it: it is cut there
                assertThat(damage.get(0).firstOffset()).isGreaterThanOrEqualTo(safe);
                store.truncateTo(damage.get(0).firstOffset());
            }
            long end = store.logEndOffset();
            assertThat(end).isBetween(safe, (long) written.size());
            int start = (int) store.logStartOffset();
            if (safe > begin) {
                assertThat(start).as("of the records up to %s", safe).isEqualTo(begin);
            }
            assertThat(start).isBetween(begin, (int) end);
            begin = start;
            List<String> found = EngineFixture.values(store);
            assertThat(found)
                    .as("records from %s to %s, of which those below %s are safe", start, end, safe)
                    .hasSize((int) end - start);
            for (int i = start; i < end; i++) {
                assertThat(found.get(i - start)).as("record %s of %s", i, end).isEqualTo(written.get(i));
            }
            written.subList((int) end, written.size()).clear();
            assertThat(store.flushedOffset()).isLessThanOrEqualTo(end);
        }
    }

    private interface Task {
        void run(Path real) throws IOException;
    }

    private static void inFolder(Task task) throws IOException {
        Path real = Files.createTempDirectory("crash");
        try {
            task.run(real);
        } finally {
            try (Stream<Path> tree = Files.walk(real)) {
                tree.sorted(Comparator.reverseOrder()).forEach(CrashProperties::delete);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Example
    void shouldBeginWithTheNextSegmentWhenACrashTookTheFirst() throws IOException {
        shouldKeepWhatWasSyncedThroughAnyCrash(269L);
    }

    @Property(tries = 60)
    void shouldKeepWhatWasSyncedThroughAnyCrash(@ForAll long seed) throws IOException {
        inFolder(real -> {
            History history = new History(real, seed);
            for (int i = 0; i < 150; i++) {
                history.step();
            }
            history.machineCrash(true);
        });
    }

    @Example
    void shouldTakeBackWhatWasNotSynced() throws IOException {
        inFolder(real -> {
            History history = new History(real, 1);
            history.append();
            history.store.flush();
            long safe = history.store.logEndOffset();
            history.append();
            history.machineCrash(false);
            assertThat(history.store.logEndOffset()).isEqualTo(safe);
        });
    }

    @Example
    void shouldNeverCallAFailedSyncASuccess() throws IOException {
        inFolder(real -> {
            History history = new History(real, 2);
            history.append();
            history.store.flush();
            long safe = history.store.logEndOffset();
            history.append();
            history.disk.failForces("Input/output error");
            assertThatThrownBy(history.store::flush).hasMessageContaining("Input/output error");
            history.disk.failForces(null);
            assertThatThrownBy(history.store::flush).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> EngineFixture.append(history.store, 0, "x"))
                    .isInstanceOf(IOException.class);
            assertThat(history.store.flushedOffset()).isEqualTo(safe);
            assertThat(history.store.failure()).contains("fsync failed");

            history.store.close();
            history.store = history.engine.store(history.config);
            assertThat(history.store.failure()).isNull();
            assertThat(history.store.logEndOffset()).isEqualTo(history.written.size());
            long all = history.store.logEndOffset();
            history.machineCrash(false);
            assertThat(history.store.logEndOffset()).isEqualTo(all);
        });
    }

    @Example
    void shouldTakeADirectoryOfflineThatCannotBeWritten() throws IOException {
        inFolder(real -> {
            History history = new History(real, 3);
            history.append();
            history.disk.failWrites("Input/output error");
            assertThatThrownBy(() -> EngineFixture.append(history.store, 0, "x"))
                    .isInstanceOf(IOException.class);
            history.disk.failWrites(null);
            assertThat(history.store.failure()).contains("Input/output error");
            assertThat(history.engine.engine().directories().get(0).failure()).contains("Input/output error");
            assertThatThrownBy(() -> EngineFixture.append(history.store, 0, "x"))
                    .isInstanceOf(IOException.class);
            assertThat(EngineFixture.values(history.store)).isEqualTo(history.written);
        });
    }

    @Example
    void shouldGoOnWhenAFullDiskHasRoomAgain() throws IOException {
        inFolder(real -> {
            History history = new History(real, 4);
            history.append();
            history.disk.leave(30);
            assertThatThrownBy(() -> EngineFixture.append(history.store, 0, "y".repeat(200)))
                    .hasMessageContaining("No space left");
            assertThat(history.store.failure()).isNull();
            history.disk.leave(Long.MAX_VALUE);
            history.append();
            history.store.flush();
            history.machineCrash(false);
            assertThat(history.store.logEndOffset()).isEqualTo(history.written.size());
        });
    }
}
