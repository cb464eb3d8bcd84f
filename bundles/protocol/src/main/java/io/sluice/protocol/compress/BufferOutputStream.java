package io.sluice.protocol.compress;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A growing array that becomes a buffer without a copy. */
final class BufferOutputStream extends ByteArrayOutputStream {
    BufferOutputStream(int expectedBytes) {
        super(Math.max(64, expectedBytes));
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(buf, 0, count).slice();
    }
}
