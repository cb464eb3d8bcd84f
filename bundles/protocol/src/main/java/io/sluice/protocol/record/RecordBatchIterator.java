package io.sluice.protocol.record;

import io.sluice.protocol.MalformedMessageException;
import java.nio.ByteBuffer;

/**
 * Walks over the batches between a buffer's position and limit, without moving them. One view is reused for all; for one thread.
 *
 * <p>A batch that is cut off by the end is no batch: {@link #next} gives false and {@link #remaining} says how many bytes are left.
 */
public final class RecordBatchIterator {
    private final RecordBatchView view = new RecordBatchView();
    private ByteBuffer buffer;
    private int position;

    public RecordBatchIterator(ByteBuffer buffer) {
        this.buffer = buffer;
        this.position = buffer.position();
    }

    /** Starts over with another buffer. */
    public void reset(ByteBuffer next) {
        this.buffer = next;
        this.position = next.position();
    }

    /**
     * Steps to the next whole batch.
     *
     * @throws MalformedMessageException when the length is one that no batch has
     */
    public boolean next() {
        int size = RecordBatchView.sizeAt(buffer, position);
        if (size < 0) {
            return false;
        }
        view.wrap(buffer, position);
        position += size;
        return true;
    }

    /** The batch of the last {@link #next}; valid until the next one. */
    public RecordBatchView batch() {
        return view;
    }

    /** Where the whole batches end so far. */
    public int position() {
        return position;
    }

    /** The bytes that have not been walked over. */
    public int remaining() {
        return buffer.limit() - position;
    }
}
