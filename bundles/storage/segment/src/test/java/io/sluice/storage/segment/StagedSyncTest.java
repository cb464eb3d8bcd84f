package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.kit.EngineFixture;
import io.sluice.storage.kit.ManualScheduler;
import io.sluice.storage.kit.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an fsync covers when the newest bytes of a log wait in memory. */
final class StagedSyncTest {
    private static final int RECORDS = 60;

    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<String> written = new ArrayList<>();

    private StorageEngine open() throws IOException {
        return open(List.of(folder.resolve("logs")));
    }

    private StorageEngine open(List<Path> directories) throws IOException {
        return new SegmentEngineFactory()
                .open(new StorageContext(
                        directories,
                        folder.resolve("engine"),
                        1,
                        "cluster",
                        time,
                        scheduler,
                        key -> key.equals("log.staging.bytes") ? "4194304" : null,
                        Map.of()));
    }

    private void fill(LogStore store) throws IOException {
        for (int i = 0; i < RECORDS; i++) {
            String value = written.size() + "." + "x".repeat(10_000);
            written.add(value);
            append(store, time.milliseconds(), value);
        }
    }

    @Test
    void shouldMakeStagedBytesDurableWithASync() throws IOException {
        StorageEngine engine = open();
        LogStore store = engine.open(EngineFixture.PARTITION, config("durability", "group"));
        fill(store);
        scheduler.runAll();
        fill(store);
        Path file = LogFileNames.file(store.directory().orElseThrow(), 0L, LogFileNames.LOG);
        assertThat(Files.size(file)).as("what is in the file before the sync").isLessThan(store.sizeInBytes());
        store.flush();
        assertThat(store.flushedOffset()).isEqualTo(store.logEndOffset());
        assertThat(Files.size(file)).isEqualTo(store.sizeInBytes());

        Files.delete(folder.resolve("engine").resolve("staging"));
        Files.writeString(folder.resolve("logs").resolve(LogFileNames.BOOT_ID), "another boot\n");
        StorageEngine next = open();
        assertThat(values(next.open(EngineFixture.PARTITION, config("durability", "group"))))
                .isEqualTo(written);
        next.close();
    }

    @Test
    void shouldKeepWhatWasStagedForADirectoryThatIsDeadAtTheNextStart() throws IOException {
        List<Path> directories = List.of(folder.resolve("one"), folder.resolve("two"));
        LogStore store = open(directories).open(EngineFixture.PARTITION, config());
        fill(store);
        scheduler.runPending();
        fill(store);
        Path log = store.directory().orElseThrow();
        assertThat(Files.size(LogFileNames.file(log, 0L, LogFileNames.LOG))).isLessThan(store.sizeInBytes());

        Path dead = log.getParent();
        Path aside = folder.resolve("aside");
        Files.move(dead, aside);
        Files.writeString(dead, "no directory");
        open(directories).close();
        Files.delete(dead);
        Files.move(aside, dead);

        StorageEngine next = open(directories);
        assertThat(values(next.open(EngineFixture.PARTITION, config()))).isEqualTo(written);
        next.close();
        assertThat(folder.resolve("engine")).isDirectoryNotContaining("glob:**staging*");
    }
}
