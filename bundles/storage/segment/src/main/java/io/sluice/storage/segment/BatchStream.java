package io.sluice.storage.segment;

import io.sluice.storage.api.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads the batches of a stretch of a file one after the other, in large pieces; a batch that is larger than a piece is read whole. The
 * buffer is kept from one file to the next. For one thread.
 */
final class BatchStream {
    private final int pieceBytes;
    private ByteBuffer buffer;
    private int filled;
    private int next;
    private long bytesRead;

    private FileChannel channel;
    private int position;
    private int limit;

    BatchStream(FileChannel first, int pieceBytes) {
        this.pieceBytes = pieceBytes;
        this.buffer = ByteBuffer.allocate(pieceBytes);
        this.channel = first;
    }

    /** Begins at a batch's start and ends at a batch's end. */
    BatchStream over(FileChannel file, int from, int to) {
        channel = file;
        position = from;
        limit = to;
        filled = 0;
        next = 0;
        return this;
    }

    /**
     * Steps to the next batch.
     *
     * @return false at the end
     * @throws IOException when what lies there is no batch, or does not end within the limit
     */
    boolean next() throws IOException {
        if (next == filled && position == limit) {
            return false;
        }
        if (filled - next < BatchHeader.BYTES) {
            fill(BatchHeader.BYTES);
        }
        buffer.limit(filled);
        int size = BatchHeader.sizeInBytes(buffer, next);
        if (size < 0) {
            throw new IOException("no whole batch at position " + (position - (filled - next)));
        }
        if (filled - next < size) {
            fill(size);
        }
        buffer.limit(next + size).position(next);
        next += size;
        return true;
    }

    /** The batch, from the position to the limit; lent until the next step. */
    ByteBuffer batch() {
        return buffer;
    }

    /** How many bytes were read since this was asked last. */
    long takeBytesRead() {
        long bytes = bytesRead;
        bytesRead = 0L;
        return bytes;
    }

    private void fill(int least) throws IOException {
        int left = filled - next;
        if (limit - position < least - left) {
            throw new IOException("no whole batch at position " + (position - left));
        }
        buffer.limit(filled).position(next);
        if (buffer.capacity() < least) {
            buffer = ByteBuffer.allocate(least).put(buffer);
        } else if (buffer.capacity() > pieceBytes && least <= pieceBytes) {
            buffer = ByteBuffer.allocate(pieceBytes).put(buffer);
        } else {
            buffer.compact();
        }
        buffer.limit((int) Math.min(buffer.capacity(), (long) left + limit - position));
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, position);
            if (read < 0) {
                throw new IOException("the file ends at " + position + " below " + limit);
            }
            position += read;
            bytesRead += read;
        }
        next = 0;
        filled = buffer.position();
    }
}
