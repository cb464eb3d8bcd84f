package io.sluice.storage.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Writes as many bytes as it has room for, then fails. */
final class FillingDisk extends FileChannel {
    private final FileChannel real;
    private long bytesLeft = Long.MAX_VALUE;

    FillingDisk(FileChannel real) {
        this.real = real;
    }

    /** It has that much room left. */
    void fill(long bytes) {
        bytesLeft = bytes;
    }

    /** It has room again. */
    void empty() {
        bytesLeft = Long.MAX_VALUE;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        if (bytesLeft == 0) {
            throw new IOException("No space left on device");
        }
        ByteBuffer part = source.duplicate();
        part.limit(part.position() + (int) Math.min(part.remaining(), bytesLeft));
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
