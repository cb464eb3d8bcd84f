package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.storage.api.SharedFile;
import io.sluice.storage.kit.EngineFixture;
import io.sluice.storage.kit.ManualScheduler;
import io.sluice.storage.kit.ManualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
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
    private FullDisk disk;
    private SegmentedLog log;

    @BeforeEach
    void open() throws IOException {
        Path file = folder.resolve("0.prepared");
        disk = new FullDisk(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        LogSegment segment = LogSegment.create(folder, 0, time.milliseconds(), file, new SharedFile(disk));
        LoadedLog loaded =
                new LoadedLog(new SegmentList(List.of(segment)), new SnapshotFiles(folder, List.of()), 0, 0, 0, 0);
        log = new SegmentedLog(
                EngineFixture.PARTITION, folder, config(), loaded, time, new ManualScheduler(), new Indifferent());
    }

    private void put(String value) throws IOException {
        append(log, time.milliseconds(), value);
    }

    @Test
    void shouldFailTheAppendAndStayUsable() throws IOException {
        put("a");
        long size = log.sizeInBytes();
        disk.bytesLeft = 20;
        assertThatThrownBy(() -> put("b".repeat(100))).isInstanceOf(IOException.class);
        assertThat(log.logEndOffset()).isEqualTo(1);
        assertThat(log.sizeInBytes()).isEqualTo(size);
        assertThat(values(log)).containsExactly("a");
        assertThatThrownBy(() -> put("c")).isInstanceOf(IOException.class);
        disk.bytesLeft = Long.MAX_VALUE;
        put("d");
        assertThat(values(log)).containsExactly("a", "d");
        assertThat(log.logEndOffset()).isEqualTo(2);
    }

    @Test
    void shouldLeaveNoPieceOfAFailedAppendBehind() throws IOException {
        put("a");
        disk.bytesLeft = 20;
        assertThatThrownBy(() -> put("b".repeat(100))).isInstanceOf(IOException.class);
        disk.bytesLeft = Long.MAX_VALUE;
        long size = log.sizeInBytes();
        log.close();
        assertThat(Files.size(folder.resolve("00000000000000000000.log"))).isEqualTo(size);
    }

    private static final class Indifferent implements SegmentedLog.LogListener {
        @Override
        public void startChanged(SegmentedLog log) {}

        @Override
        public void cut(SegmentedLog log) {}

        @Override
        public void cleaned(SegmentedLog log) {}

        @Override
        public void closed(SegmentedLog log, boolean cleanly) {}
    }

    /** Writes as many bytes as it has room for, then fails. */
    private static final class FullDisk extends FileChannel {
        private final FileChannel real;
        long bytesLeft = Long.MAX_VALUE;

        FullDisk(FileChannel real) {
            this.real = real;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            if (bytesLeft == 0) {
                throw new IOException("No space left on device");
            }
            ByteBuffer part = source.duplicate();
            part.limit((int) Math.min(part.limit(), part.position() + bytesLeft));
            int written = real.write(part, position);
            source.position(source.position() + written);
            bytesLeft -= bytesLeft == Long.MAX_VALUE ? 0 : written;
            return written;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            real.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            real.force(metaData);
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return real.transferTo(position, count, target);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long newPosition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
