package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.storage.api.SharedFile;
import io.sluice.storage.kit.EngineFixture;
import io.sluice.storage.kit.FaultyDisk;
import io.sluice.storage.kit.ManualScheduler;
import io.sluice.storage.kit.ManualTime;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskFailureTest {
    @TempDir
    Path folder;

    private final ManualTime time = new ManualTime();
    private FaultyDisk disk;
    private SegmentedLog log;

    @BeforeEach
    void open() throws IOException {
        disk = new FaultyDisk(folder);
        Path file = disk.root().resolve("0.prepared");
        FileChannel open =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        LogSegment segment = LogSegment.create(disk.root(), 0, time.milliseconds(), file, new SharedFile(open));
        LoadedLog loaded = new LoadedLog(
                new SegmentList(List.of(segment)), new SnapshotFiles(disk.root(), List.of()), 0, 0, 0, 0, List.of());
        log = new SegmentedLog(
                EngineFixture.PARTITION,
                disk.root(),
                config(),
                loaded,
                new SegmentStaging(null, EngineFixture.PARTITION, () -> false),
                time,
                new ManualScheduler(),
                new Cleaners(key -> null, time),
                new Indifferent());
    }

    private void put(String value) throws IOException {
        append(log, time.milliseconds(), value);
    }

    @Test
    void shouldFailTheAppendAndStayUsable() throws IOException {
        put("a");
        long size = log.sizeInBytes();
        disk.leave(20L);
        assertThatThrownBy(() -> put("b".repeat(100))).isInstanceOf(IOException.class);
        assertThat(log.logEndOffset()).isEqualTo(1);
        assertThat(log.sizeInBytes()).isEqualTo(size);
        assertThat(values(log)).containsExactly("a");
        assertThatThrownBy(() -> put("c")).isInstanceOf(IOException.class);
        disk.empty();
        put("d");
        assertThat(values(log)).containsExactly("a", "d");
        assertThat(log.logEndOffset()).isEqualTo(2);
    }

    @Test
    void shouldLeaveNoPieceOfAFailedAppendBehind() throws IOException {
        put("a");
        disk.leave(20L);
        assertThatThrownBy(() -> put("b".repeat(100))).isInstanceOf(IOException.class);
        disk.empty();
        long size = log.sizeInBytes();
        log.close();
        assertThat(Files.size(folder.resolve("00000000000000000000.log"))).isEqualTo(size);
    }

    private static final class Indifferent implements LogListener {
        @Override
        public void startChanged(SegmentedLog log) {}

        @Override
        public void cut(SegmentedLog log) {}

        @Override
        public void cleaned(SegmentedLog log) {}

        @Override
        public void closed(SegmentedLog log, boolean cleanly) {}
    }
}
