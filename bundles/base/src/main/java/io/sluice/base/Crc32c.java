package io.sluice.base;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli), the checksum of record batches. */
public final class Crc32c {
    private Crc32c() {}

    /** The checksum of {@code length} bytes from an absolute position; the buffer's position and limit are untouched. */
    public static int of(ByteBuffer buffer, int position, int length) {
        CRC32C crc = new CRC32C();
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + position, length);
        } else {
            ByteBuffer slice = buffer.slice(position, length);
            crc.update(slice);
        }
        return (int) crc.getValue();
    }

    /** The checksum of an array's range. */
    public static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
