package io.sluice.protocol.compress;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** A zstd stream; its native buffers are recycled. */
final class ZstdCodec implements Codec {
    @Override
    public ByteBuffer decompress(ByteBuffer in, int maxBytes) {
        BoundedOutput out = new BoundedOutput(maxBytes, in.remaining());
        try (ZstdInputStreamNoFinalizer stream =
                new ZstdInputStreamNoFinalizer(new BufferInputStream(in), RecyclingBufferPool.INSTANCE)) {
            out.readFully(stream);
        } catch (IOException e) {
            throw CompressionException.malformed("zstd", e);
        }
        return out.toBuffer();
    }

    @Override
    public ByteBuffer compress(ByteBuffer in) {
        return compress(in, Zstd.defaultCompressionLevel());
    }

    @Override
    public ByteBuffer compress(ByteBuffer in, int level) {
        ByteBuffer source = Codec.onHeap(in);
        BufferOutputStream out = new BufferOutputStream(source.remaining() / 2);
        try (ZstdOutputStreamNoFinalizer stream =
                new ZstdOutputStreamNoFinalizer(out, RecyclingBufferPool.INSTANCE, level)) {
            stream.write(source.array(), source.arrayOffset() + source.position(), source.remaining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toBuffer();
    }
}
