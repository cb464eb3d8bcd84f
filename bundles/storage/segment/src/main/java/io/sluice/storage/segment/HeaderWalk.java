package io.sluice.storage.segment;

import io.sluice.storage.api.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Walks over the batches of a file by their headers, reading little else. For one thread. */
final class HeaderWalk {
    private static final int SMALL_BUFFER_BYTES = 256;
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int LARGE_BATCH_BYTES = 2 * 1024;

    private final FileChannel channel;
    private final int limit;
    private final Holes holes;
    private final long baseOffset;
    private ByteBuffer buffer = ByteBuffer.allocate(SMALL_BUFFER_BYTES);
    private int fills;
    private int bufferStart;
    private int next;
    private int position;
    private int size;
    private int at;

    /** Begins at a batch's start and ends at a position of the file that is a batch's end. */
    HeaderWalk(FileChannel channel, int from, int limit) {
        this(channel, from, limit, Holes.NONE, -1L);
    }

    /** The same over a segment, passing over what is known to be no batches. */
    HeaderWalk(FileChannel channel, int from, int limit, Holes holes, long baseOffset) {
        this.channel = channel;
        this.limit = limit;
        this.holes = holes;
        this.baseOffset = baseOffset;
        this.next = holes.isEmpty() ? from : holes.behind(from);
        this.bufferStart = next;
        buffer.limit(0);
    }

    /**
     * Steps to the next batch; false at the limit.
     *
     * @throws NoBatchException when what lies there is no batch, or does not end within the limit
     */
    boolean next() throws IOException {
        if (next >= limit) {
            return false;
        }
        if (!tryNext()) {
            throw new NoBatchException(baseOffset, "no whole batch at position " + next);
        }
        return true;
    }

    /** Steps to the next batch; false when no header of a batch that ends within the limit lies there. */
    boolean tryNext() throws IOException {
        if (limit - next < BatchHeader.BYTES) {
            return false;
        }
        fill(next);
        int offset = next - bufferStart;
        int bytes = buffer.limit() - offset < BatchHeader.BYTES ? -1 : BatchHeader.sizeInBytes(buffer, offset);
        if (bytes < 0 || bytes > limit - next) {
            return false;
        }
        position = next;
        at = offset;
        size = bytes;
        next += bytes;
        if (!holes.isEmpty()) {
            next = holes.behind(next);
        }
        return true;
    }

    private void fill(int from) throws IOException {
        int offset = from - bufferStart;
        if (offset >= 0 && offset + BatchHeader.BYTES <= buffer.limit()) {
            return;
        }
        // Short walks and large batches want no more than headers; a long walk over small batches reads ahead.
        boolean ahead = size < LARGE_BATCH_BYTES && fills++ > 1;
        if (ahead && buffer.capacity() < BUFFER_BYTES) {
            buffer = ByteBuffer.allocate(BUFFER_BYTES);
        }
        int wanted = ahead ? buffer.capacity() : size < LARGE_BATCH_BYTES ? SMALL_BUFFER_BYTES : BatchHeader.BYTES;
        buffer.clear().limit(Math.min(wanted, limit - from));
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {
            continue;
        }
        buffer.flip();
        bufferStart = from;
    }

    /** Where the batch begins. */
    int position() {
        return position;
    }

    /** Where it ends. */
    int end() {
        return position + size;
    }

    /** Where the next one is looked for. */
    int nextPosition() {
        return next;
    }

    int sizeInBytes() {
        return size;
    }

    /** What holds its header, at {@link #at}; lent until the next step. */
    ByteBuffer header() {
        return buffer;
    }

    int at() {
        return at;
    }

    long baseOffset() {
        return BatchHeader.baseOffset(buffer, at);
    }

    long lastOffset() {
        return BatchHeader.lastOffset(buffer, at);
    }

    long maxTimestamp() {
        return BatchHeader.maxTimestamp(buffer, at);
    }
}
