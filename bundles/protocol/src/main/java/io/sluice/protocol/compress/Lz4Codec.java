package io.sluice.protocol.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;

/** One LZ4 frame with independent blocks, with the checksums that its header announces. */
final class Lz4Codec implements Codec {
    private static final int MAGIC = 0x184d2204;
    private static final int VERSION = 1;
    private static final int INDEPENDENT = 0x20;
    private static final int BLOCK_CHECKSUM = 0x10;
    private static final int CONTENT_SIZE = 0x08;
    private static final int CONTENT_CHECKSUM = 0x04;
    private static final int DICTIONARY_ID = 0x01;
    private static final int RESERVED = 0x02;
    private static final int PLAIN_BLOCK = 0x80000000;
    private static final int BLOCK_64_KIB = 4;
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final int HEADER_BYTES = 7;
    private static final int RATIO_MAX = 255;

    @Override
    public ByteBuffer decompress(ByteBuffer in, int maxBytes) {
        ByteBuffer source = Codec.onHeap(in);
        source.order(ByteOrder.LITTLE_ENDIAN);
        BoundedOutput out = new BoundedOutput(maxBytes, source.remaining());
        Lz4Library library = Lz4Library.get();
        Header header = Header.read(source, library.hash());
        while (true) {
            int size = int32(source, "a block's size");
            if (size == 0) {
                break;
            }
            block(source, size, header.blockBytesMax(), out, library);
            if (header.has(BLOCK_CHECKSUM)) {
                int length = size & ~PLAIN_BLOCK;
                int from = source.arrayOffset() + source.position() - length;
                int sum = library.hash().hash(source.array(), from, length, 0);
                require(int32(source, "a block's checksum") == sum, "a block's checksum is wrong");
            }
        }
        if (header.has(CONTENT_CHECKSUM)) {
            int sum = library.hash().hash(out.array(), 0, out.size(), 0);
            require(int32(source, "the content's checksum") == sum, "the content's checksum is wrong");
        }
        return out.toBuffer();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw CompressionException.malformed("lz4: " + otherwise);
        }
    }

    private static int int32(ByteBuffer source, String what) {
        require(source.remaining() >= Integer.BYTES, what + " is cut off");
        return source.getInt();
    }

    /** What a frame's header says: its flags, and the size that no block passes. */
    private record Header(int flags, int blockBytesMax) {

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        static Header read(ByteBuffer source, XXHash32 hash) {
            require(source.remaining() >= HEADER_BYTES, "the header is cut off");
            require(source.getInt() == MAGIC, "the magic is wrong");
            int descriptor = source.position();
            int flags = source.get();
            int blocks = source.get();
            require((flags >> 6 & 0x03) == VERSION, "version " + (flags >> 6 & 0x03));
            require((flags & INDEPENDENT) != 0, "its blocks depend on each other");
            require((flags & (RESERVED | DICTIONARY_ID)) == 0 && (blocks & 0x8f) == 0, "reserved bits are set");
            require(blocks >> 4 >= BLOCK_64_KIB, "block size " + (blocks >> 4));
            int contentSize = (flags & CONTENT_SIZE) != 0 ? Long.BYTES : 0;
            require(source.remaining() > contentSize, "the header is cut off");
            source.position(source.position() + contentSize);
            int length = source.position() - descriptor;
            int sum = hash.hash(source.array(), source.arrayOffset() + descriptor, length, 0) >> 8 & 0xff;
            require((source.get() & 0xff) == sum, "the header's checksum is wrong");
            return new Header(flags, 1 << (8 + 2 * (blocks >> 4)));
        }
    }

    private static void block(ByteBuffer source, int size, int blockMax, BoundedOutput out, Lz4Library library) {
        int length = size & ~PLAIN_BLOCK;
        require(
                length <= source.remaining(),
                "a block claims " + length + " bytes, but " + source.remaining() + " remain");
        require(length <= blockMax, "a block of " + length + " bytes");
        int from = source.arrayOffset() + source.position();
        source.position(source.position() + length);
        if ((size & PLAIN_BLOCK) != 0) {
            out.put(source.array(), from, length);
            return;
        }
        int possible = (int) Math.min(blockMax, (long) RATIO_MAX * length);
        int room = Math.min(possible, out.allowance());
        out.reserve(room);
        LZ4SafeDecompressor decompressor = library.decompressor();
        try {
            out.advance(decompressor.decompress(source.array(), from, length, out.array(), out.size(), room));
        } catch (LZ4Exception e) {
            if (room < possible) {
                throw CompressionException.tooLarge(out.size() + room);
            }
            throw CompressionException.malformed("lz4", e);
        }
    }

    @Override
    public ByteBuffer compress(ByteBuffer in) {
        return compress(in, Lz4Library.get().compressor());
    }

    @Override
    public ByteBuffer compress(ByteBuffer in, int level) {
        return compress(in, Lz4Library.get().compressor(level));
    }

    private static ByteBuffer compress(ByteBuffer in, LZ4Compressor compressor) {
        ByteBuffer source = Codec.onHeap(in);
        Lz4Library library = Lz4Library.get();
        int blocks = source.remaining() / BLOCK_BYTES + 1;
        int blockMax = Integer.BYTES + compressor.maxCompressedLength(Math.min(BLOCK_BYTES, source.remaining()));
        int capacity = Math.addExact(HEADER_BYTES + Integer.BYTES, Math.multiplyExact(blocks, blockMax));
        ByteBuffer out = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).put((byte) (VERSION << 6 | INDEPENDENT)).put((byte) (BLOCK_64_KIB << 4));
        out.put((byte) (library.hash().hash(out.array(), Integer.BYTES, 2, 0) >> 8));
        while (source.hasRemaining()) {
            int length = Math.min(BLOCK_BYTES, source.remaining());
            int from = source.arrayOffset() + source.position();
            int at = out.position() + Integer.BYTES;
            int written = compressor.compress(source.array(), from, length, out.array(), at, out.capacity() - at);
            if (written < length) {
                out.putInt(written).position(at + written);
            } else {
                out.putInt(length | PLAIN_BLOCK).put(source.array(), from, length);
            }
            source.position(source.position() + length);
        }
        return out.putInt(0).flip().order(ByteOrder.BIG_ENDIAN);
    }
}
