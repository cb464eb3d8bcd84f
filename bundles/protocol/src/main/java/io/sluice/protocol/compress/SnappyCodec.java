package io.sluice.protocol.compress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * Snappy in snappy-java's framing: a magic of eight bytes, two versions, then blocks, each after its length. Without the magic the input
 * is one raw block, which some clients send.
 */
final class SnappyCodec implements Codec {
    private static final long MAGIC = 0x82534e4150505900L;
    private static final int MAGIC_PREFIX = (int) (MAGIC >>> 32);
    private static final int HEADER_BYTES = 16;
    private static final int VERSION = 1;
    private static final int BLOCK_BYTES = 32 * 1024;

    /** The format cannot do better than a copy of 64 bytes in three: a larger claim is a lie, and nothing is allocated for it. */
    private static final int RATIO_MAX = 22;

    @Override
    public ByteBuffer decompress(ByteBuffer in, int maxBytes) {
        ByteBuffer source = Codec.onHeap(in);
        BoundedOutput out = new BoundedOutput(maxBytes, source.remaining());
        try {
            if (!skipHeader(source)) {
                block(source, source.remaining(), out);
                return out.toBuffer();
            }
            while (source.hasRemaining()) {
                if (!skipHeader(source)) {
                    block(source, blockLength(source), out);
                }
            }
        } catch (IOException e) {
            throw CompressionException.malformed("snappy", e);
        }
        return out.toBuffer();
    }

    /** Streams may follow each other, each with its header. */
    private static boolean skipHeader(ByteBuffer source) {
        int at = source.position();
        if (source.remaining() < Long.BYTES || source.getInt(at) != MAGIC_PREFIX || source.getLong(at) != MAGIC) {
            return false;
        }
        if (source.remaining() < HEADER_BYTES) {
            throw CompressionException.malformed("snappy: the header is cut off");
        }
        if (source.getInt(at + Long.BYTES) < VERSION) {
            throw CompressionException.malformed("snappy: version " + source.getInt(at + Long.BYTES));
        }
        source.position(at + HEADER_BYTES);
        return true;
    }

    private static int blockLength(ByteBuffer source) {
        if (source.remaining() < Integer.BYTES) {
            throw CompressionException.malformed("snappy: a block's length is cut off");
        }
        int length = source.getInt();
        if (length < 0 || length > source.remaining()) {
            throw CompressionException.malformed(
                    "snappy: a block claims " + length + " bytes, but " + source.remaining() + " remain");
        }
        return length;
    }

    private static void block(ByteBuffer source, int length, BoundedOutput out) throws IOException {
        int from = source.arrayOffset() + source.position();
        int claimed = Snappy.uncompressedLength(source.array(), from, length);
        if (claimed < 0 || claimed > (long) RATIO_MAX * length) {
            throw CompressionException.malformed("snappy: a block of " + length + " bytes claims " + claimed);
        }
        out.reserve(claimed);
        out.advance(Snappy.uncompress(source.array(), from, length, out.array(), out.size()));
        source.position(source.position() + length);
    }

    @Override
    public ByteBuffer compress(ByteBuffer in) {
        ByteBuffer source = Codec.onHeap(in);
        int blocks = source.remaining() / BLOCK_BYTES + 1;
        int blockMax = Integer.BYTES + Snappy.maxCompressedLength(Math.min(BLOCK_BYTES, source.remaining()));
        ByteBuffer out = ByteBuffer.allocate(Math.addExact(HEADER_BYTES, Math.multiplyExact(blocks, blockMax)));
        out.putLong(MAGIC).putInt(VERSION).putInt(VERSION);
        try {
            while (source.hasRemaining()) {
                int length = Math.min(BLOCK_BYTES, source.remaining());
                int at = out.position();
                int written = Snappy.compress(
                        source.array(),
                        source.arrayOffset() + source.position(),
                        length,
                        out.array(),
                        at + Integer.BYTES);
                out.putInt(written).position(at + Integer.BYTES + written);
                source.position(source.position() + length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.flip();
    }
}
