package io.sluice.protocol.compress;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A zstd stream. What decompresses to some times its size, as most batches do, is decoded at once by a native context that is kept for the
 * next; more than that as a stream, whose buffers are recycled.
 */
final class ZstdCodec implements Codec {
    private static final int CONTEXTS_KEPT = 4;

    private final BlockingQueue<ZstdDecompressCtx> idle = new ArrayBlockingQueue<>(CONTEXTS_KEPT);

    @Override
    public ByteBuffer decompress(ByteBuffer in, int maxBytes) {
        ByteBuffer source = Codec.onHeap(in);
        BoundedOutput out = new BoundedOutput(maxBytes, source.remaining());
        return isDecoded(source, out) ? out.toBuffer() : decompressStream(source, maxBytes);
    }

    /** False when there is not enough room for it. */
    private boolean isDecoded(ByteBuffer source, BoundedOutput out) {
        ZstdDecompressCtx kept = idle.poll();
        ZstdDecompressCtx context = kept == null ? new ZstdDecompressCtx() : kept;
        try {
            byte[] target = out.array();
            int from = source.arrayOffset() + source.position();
            out.advance(
                    context.decompressByteArray(target, 0, target.length, source.array(), from, source.remaining()));
            return true;
        } catch (ZstdException e) {
            if (e.getErrorCode() == Zstd.errDstSizeTooSmall()) {
                return false;
            }
            throw CompressionException.malformed("zstd", e);
        } finally {
            if (!idle.offer(context)) {
                context.close();
            }
        }
    }

    private static ByteBuffer decompressStream(ByteBuffer in, int maxBytes) {
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
