package io.sluice.protocol;

import java.nio.ByteBuffer;

/** Variable-length integers as the protocol and the record format write them: seven bits a byte, lowest first; signed ones zig-zag. */
public final class Varints {
    public static final int MAX_INT_BYTES = 5;
    public static final int MAX_LONG_BYTES = 10;

    private Varints() {}

    public static void putUnsigned(ByteBuffer target, int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    public static void putSigned(ByteBuffer target, int value) {
        putUnsigned(target, (value << 1) ^ (value >> 31));
    }

    public static void putSigned(ByteBuffer target, long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0L) {
            target.put((byte) (rest | 0x80L));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    public static int sizeOfUnsigned(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    public static int sizeOfSigned(int value) {
        return sizeOfUnsigned((value << 1) ^ (value >> 31));
    }

    public static int sizeOfSigned(long value) {
        long zigZag = (value << 1) ^ (value >> 63);
        return (70 - Long.numberOfLeadingZeros(zigZag | 1L)) / 7;
    }
}
