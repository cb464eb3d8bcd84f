package io.sluice.storage.api;

import java.nio.ByteBuffer;

/**
 * The last offset of each key of a stretch of a log, within bounded memory: a table of 128-bit hashes of the keys with an offset each, 24
 * bytes a slot, which grows as it is filled. For one thread.
 */
public final class KeyOffsets {
    private static final int INITIAL_SLOTS = 1024;
    private static final int SLOTS_LEAST = 4;
    private static final int SLOT_BYTES = 24;

    private final int slotsMax;
    private final KeyHash hash = KeyHash.secret();
    private long[] high;
    private long[] low;
    /** One more than the offset; 0 for a free slot. */
    private long[] offsets;

    private int count;
    private long latestOffset = -1L;

    /** @param bytesMax the most memory that the table takes, also while it grows */
    public KeyOffsets(long bytesMax) {
        // While it grows, the old table and the new one, twice as large, are there at the same time.
        long slots = Math.min(1 << 30, Math.max(SLOTS_LEAST, bytesMax * 2 / 3 / SLOT_BYTES));
        this.slotsMax = (int) Long.highestOneBit(slots);
        int initial = Math.min(INITIAL_SLOTS, slotsMax);
        this.high = new long[initial];
        this.low = new long[initial];
        this.offsets = new long[initial];
    }

    /** The offset up to which the stretch has been taken in; -1 when nothing has. */
    public long latestOffset() {
        return latestOffset;
    }

    public void setLatestOffset(long offset) {
        latestOffset = offset;
    }

    /** Notes a key; false when the table is full and the key is not in it. */
    public boolean put(ByteBuffer key, long offset) {
        hash.hash(key);
        int slot = slotOf(hash.first(), hash.second());
        if (offsets[slot] == 0L) {
            if (4L * (count + 1) > 3L * offsets.length) {
                if (!grow()) {
                    return false;
                }
                slot = slotOf(hash.first(), hash.second());
            }
            high[slot] = hash.first();
            low[slot] = hash.second();
            count++;
        }
        offsets[slot] = Math.max(offsets[slot], offset + 1L);
        return true;
    }

    /** The last offset of the key; -1 when it is not known. */
    public long get(ByteBuffer key) {
        hash.hash(key);
        return offsets[slotOf(hash.first(), hash.second())] - 1L;
    }

    /** The key's slot, or the free one where it belongs. */
    private int slotOf(long first, long second) {
        int mask = offsets.length - 1;
        int slot = (int) first & mask;
        while (offsets[slot] != 0L && (high[slot] != first || low[slot] != second)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean grow() {
        if (offsets.length >= slotsMax) {
            return false;
        }
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldOffsets = offsets;
        high = new long[2 * oldHigh.length];
        low = new long[2 * oldLow.length];
        offsets = new long[2 * oldOffsets.length];
        for (int i = 0; i < oldOffsets.length; i++) {
            if (oldOffsets[i] != 0L) {
                int slot = slotOf(oldHigh[i], oldLow[i]);
                high[slot] = oldHigh[i];
                low[slot] = oldLow[i];
                offsets[slot] = oldOffsets[i];
            }
        }
        return true;
    }
}
