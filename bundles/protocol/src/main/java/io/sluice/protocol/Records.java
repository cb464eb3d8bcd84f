package io.sluice.protocol;

import java.nio.ByteBuffer;

/**
 * Record batches as opaque bytes, in memory or in a file.
 *
 * <p>Whoever receives one owns it and releases it exactly once; handing it to a message that is then written hands the duty to the
 * {@link OutboundFrame}.
 */
public interface Records {
    /** No bytes at all. */
    Records EMPTY = new ByteBufferRecords(ByteBuffer.allocate(0));

    int sizeInBytes();

    /** Gives back what holds the bytes; the object must not be used afterwards. */
    void release();
}
