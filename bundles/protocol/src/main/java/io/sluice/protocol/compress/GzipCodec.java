package io.sluice.protocol.compress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A gzip stream. */
final class GzipCodec implements Codec {
    private static final int BUFFER_BYTES = 8 * 1024;

    @Override
    public ByteBuffer decompress(ByteBuffer in, int maxBytes) {
        BoundedOutput out = new BoundedOutput(maxBytes, in.remaining());
        try (GZIPInputStream stream = new GZIPInputStream(new BufferInputStream(in), BUFFER_BYTES)) {
            out.readFully(stream);
        } catch (IOException e) {
            throw CompressionException.malformed("gzip", e);
        }
        return out.toBuffer();
    }

    @Override
    public ByteBuffer compress(ByteBuffer in) {
        ByteBuffer source = Codec.onHeap(in);
        BufferOutputStream out = new BufferOutputStream(source.remaining() / 2);
        try (GZIPOutputStream stream = new GZIPOutputStream(out, BUFFER_BYTES)) {
            stream.write(source.array(), source.arrayOffset() + source.position(), source.remaining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toBuffer();
    }
}
