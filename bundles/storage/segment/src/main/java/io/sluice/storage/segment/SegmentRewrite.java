package io.sluice.storage.segment;

import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A segment that is to take the place of one or several: written as {@code .cleaned}, which is worth nothing after a crash, until it is
 * whole, synced, and named {@code .swap}, which is finished after a crash. Closing it before that removes it. For one thread.
 */
final class SegmentRewrite implements AutoCloseable {
    private static final long SYNC_BYTES = 16L * 1024 * 1024;

    private final Path folder;
    private final long baseOffset;
    private final Path cleaned;
    private final SharedFile file;
    private final ByteBuffer buffer;
    private long written;
    private long unsynced;
    private boolean given;

    SegmentRewrite(Path folder, long baseOffset, ByteBuffer buffer) throws IOException {
        this.folder = folder;
        this.baseOffset = baseOffset;
        this.cleaned = LogFileNames.file(folder, baseOffset, LogFileNames.LOG + LogFileNames.CLEANED);
        this.buffer = buffer.clear();
        this.file = new SharedFile(FileChannel.open(
                cleaned,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
    }

    /** Bytes that were added. */
    long written() {
        return written;
    }

    void add(ByteBuffer batch) throws IOException {
        written += batch.remaining();
        if (buffer.remaining() < batch.remaining()) {
            drain();
        }
        if (buffer.capacity() < batch.remaining()) {
            write(batch);
        } else {
            buffer.put(batch);
        }
    }

    private void drain() throws IOException {
        write(buffer.flip());
        buffer.clear();
    }

    /** Synced as it grows, so that the last sync is short: a close waits for it. */
    private void write(ByteBuffer bytes) throws IOException {
        unsynced += bytes.remaining();
        while (bytes.hasRemaining()) {
            file.channel().write(bytes);
        }
        if (unsynced >= SYNC_BYTES) {
            file.channel().force(false);
            unsynced = 0L;
        }
    }

    /**
     * The segment, durable under its {@code .swap} name, which {@link LogSegment#settle} takes from it; indexes are in memory. Null when it
     * was stopped before that.
     */
    @Nullable
    LogSegment finish(LogSegment last, int indexIntervalBytes, BooleanSupplier stopped) throws IOException {
        drain();
        file.channel().force(true);
        Files.setLastModifiedTime(cleaned, FileTime.fromMillis(last.createdMs()));
        Path swap = LogFileNames.file(folder, baseOffset, LogFileNames.LOG + LogFileNames.SWAP);
        LogSegment rewritten = LogSegment.create(folder, baseOffset, last.createdMs(), swap, file);
        HeaderWalk walk = new HeaderWalk(file.channel(), 0, Math.toIntExact(written));
        while (walk.next()) {
            rewritten.recovered(walk, indexIntervalBytes);
            if (stopped.getAsBoolean()) {
                return null;
            }
        }
        rewritten.sealTimeIndex();
        Files.move(cleaned, swap, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        given = true;
        TextFile.syncFolder(folder);
        return rewritten;
    }

    @Override
    public void close() throws IOException {
        if (!given) {
            file.release();
            Files.deleteIfExists(cleaned);
        }
    }
}
