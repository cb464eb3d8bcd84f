package io.sluice.protocol;

import java.util.Arrays;

/** How often each error but 0 stands in one message, in the order in which they came. For one thread. */
public final class ErrorTally {
    private short[] codes = new short[2];
    private int[] counts = new int[2];
    private int size;

    ErrorTally() {}

    void add(short code) {
        for (int i = 0; i < size; i++) {
            if (codes[i] == code) {
                counts[i]++;
                return;
            }
        }
        if (size == codes.length) {
            codes = Arrays.copyOf(codes, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        codes[size] = code;
        counts[size++] = 1;
    }

    /** How many different errors there are. */
    public int size() {
        return size;
    }

    public short code(int index) {
        return codes[index];
    }

    public int count(int index) {
        return counts[index];
    }
}
