package io.sluice.protocol.compress;

import java.nio.ByteBuffer;

/** No compression. */
final class PlainCodec implements Codec {
    @Override
    public ByteBuffer decompress(ByteBuffer in, int maxBytes) {
        if (in.remaining() > maxBytes) {
            throw CompressionException.tooLarge(maxBytes);
        }
        return in.slice();
    }

    @Override
    public ByteBuffer compress(ByteBuffer in) {
        return ByteBuffer.allocate(in.remaining()).put(in).flip();
    }
}
