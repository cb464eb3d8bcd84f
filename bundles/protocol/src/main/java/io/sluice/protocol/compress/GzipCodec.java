package io.sluice.protocol.compress;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/**
 * A gzip stream (RFC 1952): members that follow each other, each with its checksum; what comes after the last one is ignored.
 *
 * <p>The header is read here and not by {@code GZIPInputStream}, whose native memory would wait for the collector when a header is bad.
 */
final class GzipCodec implements Codec {
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final short MAGIC = (short) 0x8b1f;
    private static final byte DEFLATE = 8;
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int HEADER_CRC = 0x02;
    private static final int EXTRA = 0x04;
    private static final int NAME = 0x08;
    private static final int COMMENT = 0x10;

    @Override
    public ByteBuffer decompress(ByteBuffer in, int maxBytes) {
        BoundedOutput out = new BoundedOutput(maxBytes, in.remaining());
        in.order(ByteOrder.LITTLE_ENDIAN);
        require(startsMember(in), "the magic is wrong");
        Inflater inflater = new Inflater(true);
        try {
            do {
                skipHeader(in);
                member(in, inflater, out);
                inflater.reset();
            } while (startsMember(in));
        } finally {
            inflater.end();
        }
        return out.toBuffer();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw CompressionException.malformed("gzip: " + otherwise);
        }
    }

    private static boolean startsMember(ByteBuffer in) {
        int at = in.position();
        return in.remaining() >= HEADER_BYTES && in.getShort(at) == MAGIC && in.get(at + 2) == DEFLATE;
    }

    private static void skipHeader(ByteBuffer in) {
        int flags = in.get(in.position() + 3);
        skip(in, HEADER_BYTES);
        if ((flags & EXTRA) != 0) {
            require(in.remaining() >= Short.BYTES, "the header is cut off");
            skip(in, in.getShort() & 0xffff);
        }
        if ((flags & NAME) != 0) {
            skipText(in);
        }
        if ((flags & COMMENT) != 0) {
            skipText(in);
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(in, Short.BYTES);
        }
    }

    private static void skip(ByteBuffer in, int bytes) {
        require(in.remaining() >= bytes, "the header is cut off");
        in.position(in.position() + bytes);
    }

    private static void skipText(ByteBuffer in) {
        do {
            require(in.hasRemaining(), "the header is cut off");
        } while (in.get() != 0);
    }

    private static void member(ByteBuffer in, Inflater inflater, BoundedOutput out) {
        int start = out.size();
        inflater.setInput(in);
        try {
            while (!inflater.finished()) {
                out.reserveSome();
                int inflated = inflater.inflate(out.array(), out.size(), out.array().length - out.size());
                out.advance(inflated);
                require(inflated > 0 || inflater.finished() || !inflater.needsInput(), "the input is cut off");
                require(!inflater.needsDictionary(), "a dictionary is needed");
            }
        } catch (DataFormatException e) {
            throw CompressionException.malformed("gzip", e);
        }
        require(in.remaining() >= TRAILER_BYTES, "the trailer is cut off");
        CRC32 crc = new CRC32();
        crc.update(out.array(), start, out.size() - start);
        require(in.getInt() == (int) crc.getValue(), "the checksum is wrong");
        require(in.getInt() == out.size() - start, "the size is wrong");
    }

    @Override
    public ByteBuffer compress(ByteBuffer in) {
        return compress(in, Deflater.DEFAULT_COMPRESSION);
    }

    @Override
    public ByteBuffer compress(ByteBuffer in, int level) {
        ByteBuffer source = Codec.onHeap(in);
        BufferOutputStream out = new BufferOutputStream(source.remaining() / 2);
        try (LeveledOutput stream = new LeveledOutput(out, level)) {
            stream.write(source.array(), source.arrayOffset() + source.position(), source.remaining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toBuffer();
    }

    private static final class LeveledOutput extends GZIPOutputStream {
        LeveledOutput(OutputStream out, int level) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(level);
        }
    }
}
