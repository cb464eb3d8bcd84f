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

    /** How many bytes the limit still allows. */
    int allowance() {
        return maxBytes - size;
    }

    void advance(int written) {
        size += written;
    }

    void put(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Reads a stream to its end. */
    void readFully(InputStream in) throws IOException {
        while (true) {
            if (size == bytes.length) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                reserve(1);
                bytes[size++] = (byte) next;
            }
            int read = in.read(bytes, size, bytes.length - size);
            if (read < 0) {
                return;
            }
            size += read;
        }
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(bytes, 0, size).slice();
    }
}
