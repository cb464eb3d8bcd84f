package io.sluice.storage.api;

import io.sluice.base.RandomSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012). Two keys with the same hash would be one key to compaction, and a record would
 * be lost: with a secret that nobody outside knows, even who chooses the keys cannot make two such. For one thread.
 */
final class KeyHash {
    private final long secret0;
    private final long secret1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long first;
    private long second;

    KeyHash(long secret0, long secret1) {
        this.secret0 = secret0;
        this.secret1 = secret1;
    }

    static KeyHash secret() {
        RandomSource random = RandomSource.secure();
        return new KeyHash(random.nextLong(), random.nextLong());
    }

    /** The first half of what {@link #hash} made last. */
    long first() {
        return first;
    }

    long second() {
        return second;
    }

    /** Hashes what lies between position and limit, which stay as they are. */
    void hash(ByteBuffer key) {
        v0 = secret0 ^ 0x736f6d6570736575L;
        v1 = secret1 ^ 0x646f72616e646f6dL ^ 0xeeL;
        v2 = secret0 ^ 0x6c7967656e657261L;
        v3 = secret1 ^ 0x7465646279746573L;
        int at = key.position();
        int length = key.remaining();
        boolean swap = key.order() == ByteOrder.BIG_ENDIAN;
        for (int left = length; left >= Long.BYTES; left -= Long.BYTES, at += Long.BYTES) {
            long word = key.getLong(at);
            absorb(swap ? Long.reverseBytes(word) : word);
        }
        long rest = (long) length << 56;
        for (int i = 0; at < key.limit(); i += Byte.SIZE, at++) {
            rest |= (key.get(at) & 0xffL) << i;
        }
        absorb(rest);
        v2 ^= 0xeeL;
        finish();
        first = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xddL;
        finish();
        second = v0 ^ v1 ^ v2 ^ v3;
    }

    private void absorb(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private void finish() {
        round();
        round();
        round();
        round();
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }
}
