package io.sluice.cluster.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The log file that grows. For one thread at a time. */
final class LogFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private long size;

    private LogFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    static LogFile open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return new LogFile(path, channel, channel.size());
    }

    Path path() {
        return path;
    }

    /** Writes all of it; not yet durable. */
    void append(ByteBuffer frame) throws IOException {
        long position = size;
        while (frame.hasRemaining()) {
            position += channel.write(frame, position);
        }
        size = position;
    }

    void force() throws IOException {
        channel.force(false);
    }

    long size() {
        return size;
    }

    /** Takes back what was written after this size. */
    void truncate(long newSize) throws IOException {
        channel.truncate(newSize);
        channel.force(true);
        size = newSize;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
