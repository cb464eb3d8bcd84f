package io.sluice.storage.kit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of a {@link FaultyDisk}. It cannot be mapped or locked. */
final class FaultyChannel extends FileChannel {
    private final FaultyDisk disk;
    private final FaultyDisk.@Nullable Remembered known;
    private final Path file;
    private final FileChannel real;
    private final int generation;
    private final boolean appends;
    private long position;

    FaultyChannel(
            FaultyDisk disk,
            FaultyDisk.@Nullable Remembered known,
            Path file,
            FileChannel real,
            int generation,
            boolean appends) {
        this.disk = disk;
        this.known = known;
        this.file = file;
        this.real = real;
        this.generation = generation;
        this.appends = appends;
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        return disk.write(known, generation, real, source, at);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = write(source, appends ? real.size() : position);
        position += written;
        return written;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long written = 0L;
        for (int i = offset; i < offset + length; i++) {
            while (sources[i].hasRemaining()) {
                written += write(sources[i]);
            }
        }
        return written;
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
        return real.read(target, at);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = real.read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long read = 0L;
        for (int i = offset; i < offset + length; i++) {
            int now = read(targets[i]);
            if (now < 0) {
                return read == 0L ? -1L : read;
            }
            read += now;
        }
        return read;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long next) {
        position = next;
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        disk.truncate(known, generation, real, size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        disk.force(known, file, generation);
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
        return real.transferTo(at, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, 1 << 16));
        int read = source.read(bytes);
        bytes.flip();
        long written = 0L;
        while (bytes.hasRemaining()) {
            written += write(bytes, at + written);
        }
        return Math.max(0, read);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) {
        throw new UnsupportedOperationException("a faulty disk maps nothing");
    }

    @Override
    public FileLock lock(long at, long size, boolean shared) {
        throw new UnsupportedOperationException("a faulty disk locks nothing");
    }

    @Override
    public FileLock tryLock(long at, long size, boolean shared) {
        throw new UnsupportedOperationException("a faulty disk locks nothing");
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }
}
