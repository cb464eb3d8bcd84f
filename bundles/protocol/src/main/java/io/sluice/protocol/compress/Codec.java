package io.sluice.protocol.compress;

import java.nio.ByteBuffer;

/** One compression format. Both methods may move the position of the buffer that they are given. */
interface Codec {
    ByteBuffer decompress(ByteBuffer in, int maxBytes);

    ByteBuffer compress(ByteBuffer in);

    /** The same at a level of the format's own; one that has none compresses as ever. */
    default ByteBuffer compress(ByteBuffer in, int level) {
        return compress(in);
    }

    /** The bytes that remain as an array range: the buffer's own where it has one. */
    static ByteBuffer onHeap(ByteBuffer in) {
        return in.hasArray() ? in : ByteBuffer.allocate(in.remaining()).put(in).flip();
    }
}
