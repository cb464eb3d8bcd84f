package io.sluice.protocol.compress;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects decompressed bytes: grows by doubling, never past its limit. */
final class BoundedOutput {
    private static final int INITIAL_MIN = 1024;
    private static final int EXPECTED_RATIO = 4;

    private final int maxBytes;
    private byte[] bytes;
    private int size;

    BoundedOutput(int maxBytes, int compressedBytes) {
        this.maxBytes = maxBytes;
        long expected = Math.max(INITIAL_MIN, (long) EXPECTED_RATIO * compressedBytes);
        this.bytes = new byte[(int) Math.min(maxBytes, expected)];
    }

    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** Makes room for more, as far as the limit allows. */
    void reserve(int more) {
        long needed = (long) size + more;
        if (needed > maxBytes) {
            throw CompressionException.tooLarge(maxBytes);
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(needed, 2L * bytes.length)));
        }
    }

    /**
     * Makes room for at least one byte; at the limit a single spare byte is allowed, since a decoder may still have to find its end, and
     * {@link #advance} refuses what it writes there.
     */
    void reserveSome() {
        if (size == bytes.length) {
            long doubled = Math.min(Math.max(2L * bytes.length, 1L), maxBytes + 1L);
            bytes = Arrays.copyOf(bytes, (int) Math.min(doubled, Integer.MAX_VALUE - 8L));
        }
    }

    /** How many bytes the limit still allows. */
    int allowance() {
        return maxBytes - size;
    }

    void advance(int written) {
        size += written;
        if (size > maxBytes) {
            throw CompressionException.tooLarge(maxBytes);
        }
    }

    void put(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Reads a stream to its end. */
    void readFully(InputStream in) throws IOException {
        while (true) {
            reserveSome();
            int read = in.read(bytes, size, bytes.length - size);
            if (read < 0) {
                return;
            }
            advance(read);
        }
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }
}
