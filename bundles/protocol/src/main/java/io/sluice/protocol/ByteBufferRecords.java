package io.sluice.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Record batches in memory: the bytes between the buffer's position and limit. Borrows the buffer; releasing does nothing, for the
 * buffer belongs to whoever made it.
 */
public final class ByteBufferRecords implements Records {
    private final ByteBuffer buffer;

    public ByteBufferRecords(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    /** The bytes from position to limit; not a copy. Callers that move the position work on a duplicate. */
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public int sizeInBytes() {
        return buffer.remaining();
    }

    @Override
    public void release() {}

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof ByteBufferRecords other && buffer.equals(other.buffer);
    }

    @Override
    public int hashCode() {
        return buffer.hashCode();
    }

    @Override
    public String toString() {
        return "ByteBufferRecords(" + buffer.remaining() + " bytes)";
    }
}
