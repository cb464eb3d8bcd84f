package io.sluice.storage.api;

import io.sluice.protocol.Records;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whole record batches as a range of a file. It owns a share of the file until {@link #release()}, which counts once.
 * Transports send it without a copy.
 */
public final class FileSlice implements Records {
    private final SharedFile file;
    private final long position;
    private final int size;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Takes over one ownership of the file, which the caller has retained for it. */
    public FileSlice(SharedFile file, long position, int size) {
        this.file = file;
        this.position = position;
        this.size = size;
    }

    public SharedFile file() {
        return file;
    }

    /** Where the range begins in the file. */
    public long position() {
        return position;
    }

    @Override
    public int sizeInBytes() {
        return size;
    }

    /**
     * Sends a part of the range with {@code sendfile} where the target allows it.
     *
     * @param from bytes of the slice that were sent already
     * @return bytes sent now, 0 when the target takes none
     * @throws IOException when the target fails, or the file was cut below the slice
     */
    public long transferTo(long from, WritableByteChannel target) throws IOException {
        if (file.isTruncatedBelow(position + size)) {
            throw new IOException("the log was truncated below what was being sent");
        }
        return file.channel().transferTo(position + from, size - from, target);
    }

    /** Sending a part of it kept the sender waiting, though it was thought to be in memory. */
    public void wasSlow() {
        file.recency().wasGone(position, position + size);
    }

    /** Copies the whole range into a new buffer, positioned at its start. */
    public ByteBuffer toBuffer() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(size);
        while (buffer.hasRemaining()) {
            if (file.isTruncatedBelow(position + size)
                    || file.channel().read(buffer, position + buffer.position()) < 0) {
                throw new IOException("the log was truncated below what was being read");
            }
        }
        return buffer.flip();
    }

    @Override
    public void release() {
        if (released.compareAndSet(false, true)) {
            file.release();
        }
    }
}
