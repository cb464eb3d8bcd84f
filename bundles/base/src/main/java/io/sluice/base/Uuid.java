package io.sluice.base;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * A 128-bit identity in Kafka's text form: URL-safe Base64 without padding, 22 characters.
 *
 * <p>Topic, directory and cluster ids are of this type (KIP-516).
 */
public record Uuid(long mostSignificantBits, long leastSignificantBits) implements Comparable<Uuid> {
    /** Stands for "no id". */
    public static final Uuid ZERO = new Uuid(0L, 0L);

    private static final int TEXT_LENGTH = 22;

    /**
     * A random id (type 4) whose text does not begin with a dash, so that it can be an argument of a command.
     */
    public static Uuid random(RandomSource random) {
        while (true) {
            long high = (random.nextLong() & 0xffffffffffff0fffL) | 0x4000L;
            long low = (random.nextLong() & 0x3fffffffffffffffL) | 0x8000000000000000L;
            Uuid id = new Uuid(high, low);
            if (id.toString().charAt(0) != '-') {
                return id;
            }
        }
    }

    /** @throws IllegalArgumentException when the text is not the Base64 form of sixteen bytes */
    public static Uuid parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            throw new IllegalArgumentException("not an id of 22 characters: " + text);
        }
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Uuid(buffer.getLong(), buffer.getLong());
    }

    public boolean isZero() {
        return mostSignificantBits == 0L && leastSignificantBits == 0L;
    }

    @Override
    public int compareTo(Uuid other) {
        int high = Long.compare(mostSignificantBits, other.mostSignificantBits);
        return high != 0 ? high : Long.compare(leastSignificantBits, other.leastSignificantBits);
    }

    @Override
    public String toString() {
        ByteBuffer buffer = ByteBuffer.allocate(16).putLong(mostSignificantBits).putLong(leastSignificantBits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
    }
}
