package io.sluice.transport.mina;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers for frames that do not arrive in one piece, of 1 KiB, 2 KiB and so on. Keeps a few for the next frame, and none
 * after a while without use. For one I/O thread.
 */
final class BufferPool {
    private static final int SMALLEST_SHIFT = 10;
    private static final int KEPT_SHIFT_MAX = 22;
    private static final int KEPT_BYTES_MAX = 8 << 20;

    /** A buffer of more than four times the size is left for those who need it. */
    private static final int SEARCHED = 3;

    private static final long KEPT_MS = 10_000L;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final ArrayDeque<ByteBuffer>[] kept = new ArrayDeque[KEPT_SHIFT_MAX - SMALLEST_SHIFT + 1];

    private int keptBytes;
    private boolean used;
    private long unusedSinceMs;

    BufferPool() {
        for (int i = 0; i < kept.length; i++) {
            kept[i] = new ArrayDeque<>(2);
        }
    }

    /**
     * An empty buffer.
     *
     * @param atLeast what it must hold
     * @param wanted what it should hold if there is one that does; nothing larger than needed is allocated for this
     */
    ByteBuffer take(int atLeast, int wanted) {
        used = true;
        ByteBuffer found = find(wanted);
        if (found == null && atLeast < wanted) {
            found = find(atLeast);
        }
        return found != null ? found : ByteBuffer.allocateDirect(1 << shift(atLeast));
    }

    private @Nullable ByteBuffer find(int bytes) {
        int smallest = shift(bytes) - SMALLEST_SHIFT;
        for (int i = smallest; i < Math.min(kept.length, smallest + SEARCHED); i++) {
            ByteBuffer found = kept[i].poll();
            if (found != null) {
                keptBytes -= found.capacity();
                return found.clear();
            }
        }
        return null;
    }

    void give(ByteBuffer buffer) {
        int shift = shift(buffer.capacity());
        if (shift <= KEPT_SHIFT_MAX && keptBytes + buffer.capacity() <= KEPT_BYTES_MAX) {
            kept[shift - SMALLEST_SHIFT].push(buffer);
            keptBytes += buffer.capacity();
        }
    }

    /** Called now and then: lets go of what was not needed for a while. */
    void trim(long nowMs) {
        if (used) {
            used = false;
            unusedSinceMs = nowMs;
        } else if (keptBytes > 0 && nowMs - unusedSinceMs >= KEPT_MS) {
            for (ArrayDeque<ByteBuffer> buffers : kept) {
                buffers.clear();
            }
            keptBytes = 0;
        }
    }

    int keptBytes() {
        return keptBytes;
    }

    /** The size of the buffer that holds so many bytes. */
    static int sizeFor(int bytes) {
        return 1 << shift(bytes);
    }

    private static int shift(int bytes) {
        int shift = 32 - Integer.numberOfLeadingZeros(Math.max(bytes, 1) - 1);
        return Math.max(SMALLEST_SHIFT, shift);
    }
}
