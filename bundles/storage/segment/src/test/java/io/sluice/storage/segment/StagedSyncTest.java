package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.storage.api.DiskFullException;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.kit.EngineFixture;
import io.sluice.storage.kit.FaultyDisk;
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

    private StorageEngine openOn(FaultyDisk disk) throws IOException {
        return open(List.of(disk.at(folder.resolve("logs"))));
    }

    /** Some of what is in it is not in its file. */
    private LogStore staged(StorageEngine engine, String... config) throws IOException {
        LogStore store = engine.open(EngineFixture.PARTITION, config(config));
        fill(store);
        scheduler.runPending();
        fill(store);
        return store;
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

    @Test
    void shouldKeepWhatASyncFoundNoRoomForAndGoOnByItselfOnceThereIsSome() throws IOException {
        FaultyDisk disk = new FaultyDisk(folder);
        StorageEngine engine = openOn(disk);
        LogStore store = staged(engine, "durability", "group");
        long safe = store.flushedOffset();
        disk.leave(0L);

        assertThatThrownBy(store::flush).isInstanceOf(DiskFullException.class);
        assertThat(store.failure()).isNull();
        assertThat(store.flushedOffset()).isEqualTo(safe);
        assertThat(values(store)).isEqualTo(written);
        assertThatThrownBy(() -> append(store, time.milliseconds(), "refused"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No space left");
        assertThat(engine.directories().get(0).failure()).isNull();
        scheduler.runAll(); // it is tried again, in vain
        assertThatThrownBy(() -> append(store, time.milliseconds(), "refused")).isInstanceOf(IOException.class);

        disk.empty();
        scheduler.runAll();
        fill(store);
        store.flush();
        assertThat(store.flushedOffset()).isEqualTo(store.logEndOffset());
        assertThat(values(store)).isEqualTo(written);
        engine.close();

        StorageEngine next = openOn(disk);
        assertThat(values(next.open(EngineFixture.PARTITION, config()))).isEqualTo(written);
        next.close();
    }

    @Test
    void shouldTakeAFailedWriteWithinASyncForAFailedSyncIfItIsNotForWantOfSpace() throws IOException {
        FaultyDisk disk = new FaultyDisk(folder);
        StorageEngine engine = openOn(disk);
        LogStore store = staged(engine, "durability", "group");
        disk.failWrites("Input/output error");

        assertThatThrownBy(store::flush).isInstanceOf(IOException.class).isNotInstanceOf(DiskFullException.class);
        assertThat(store.failure()).contains("Input/output error");
    }

    @Test
    void shouldTakeAnFsyncThatFailsForWantOfSpaceForAFailedSync() throws IOException {
        FaultyDisk disk = new FaultyDisk(folder);
        LogStore store = staged(openOn(disk), "durability", "group");
        disk.failForces("No space left on device");

        assertThatThrownBy(store::flush).isInstanceOf(IOException.class).isNotInstanceOf(DiskFullException.class);
        assertThat(store.failure()).contains("No space left");
    }

    @Test
    void shouldGiveALogThatCouldNotBeWrittenWhenItWasClosedItsBytesWhenItIsOpenedAgain() throws IOException {
        FaultyDisk disk = new FaultyDisk(folder);
        StorageEngine engine = openOn(disk);
        LogStore store = staged(engine);
        disk.leave(0L);
        assertThatThrownBy(store::close).isInstanceOf(IOException.class);

        assertThatThrownBy(() -> engine.open(EngineFixture.PARTITION, config())).isInstanceOf(IOException.class);
        disk.empty();
        LogStore again = engine.open(EngineFixture.PARTITION, config());
        assertThat(values(again)).isEqualTo(written);
        fill(again);
        assertThat(values(again)).isEqualTo(written);
        engine.close();
    }

    @Test
    void shouldLoseNothingWhenAProcessEndsOnAFullDisk() throws IOException {
        FaultyDisk disk = new FaultyDisk(folder);
        LogStore store = staged(openOn(disk));
        disk.leave(0L);
        assertThatThrownBy(store::flush).isInstanceOf(DiskFullException.class);
        disk.killProcess();
        disk.empty();

        StorageEngine next = openOn(disk);
        assertThat(values(next.open(EngineFixture.PARTITION, config()))).isEqualTo(written);
        next.close();
    }

    @Test
    void shouldRefuseTheAppendAndNotTheSyncAfterItWhenEveryAppendIsSynced() throws IOException {
        FaultyDisk disk = new FaultyDisk(folder);
        StorageEngine engine = openOn(disk);
        LogStore store = staged(engine);
        store.reconfigure(config("flush.messages", "1"));
        disk.leave(0L);
        assertThatThrownBy(() -> append(store, time.milliseconds(), "refused")).isInstanceOf(IOException.class);
        assertThat(store.logEndOffset()).isEqualTo(written.size());

        disk.empty();
        scheduler.runAll();
        fill(store);
        assertThat(store.flushedOffset()).isEqualTo(store.logEndOffset());
        assertThat(values(store)).isEqualTo(written);
        engine.close();
    }
}
