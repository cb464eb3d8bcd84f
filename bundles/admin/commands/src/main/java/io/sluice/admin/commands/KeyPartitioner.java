package io.sluice.admin.commands;

/** Chooses a partition from a key as Kafka's own producer does: murmur2, positive, modulo the number of partitions. */
final class KeyPartitioner {
    private static final int SEED = 0x9747b28c;
    private static final int MULTIPLIER = 0x5bd1e995;
    private static final int SHIFT = 24;

    private KeyPartitioner() {}

    static int partitionFor(byte[] key, int partitions) {
        return (murmur2(key) & Integer.MAX_VALUE) % partitions;
    }

    /** Austin Appleby's MurmurHash2 over little-endian words. */
    static int murmur2(byte[] data) {
        int hash = SEED ^ data.length;
        int words = data.length / 4;
        for (int i = 0; i < words; i++) {
            int word = java.nio.ByteBuffer.wrap(data, i * 4, 4)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .getInt();
            word *= MULTIPLIER;
            word ^= word >>> SHIFT;
            word *= MULTIPLIER;
            hash = hash * MULTIPLIER ^ word;
        }
        int tail = words * 4;
        int rest = data.length - tail;
        for (int i = rest - 1; i >= 0; i--) {
            hash ^= (data[tail + i] & 0xff) << (8 * i);
        }
        if (rest > 0) {
            hash *= MULTIPLIER;
        }
        hash ^= hash >>> 13;
        hash *= MULTIPLIER;
        return hash ^ hash >>> 15;
    }
}
