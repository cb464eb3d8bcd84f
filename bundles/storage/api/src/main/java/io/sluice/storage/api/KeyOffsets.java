package io.sluice.storage.api;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The last offset of each key of a stretch of a log, within bounded memory: a table of 128-bit digests of the keys with an offset each, 24
 * bytes an entry. For one thread.
 */
public final class KeyOffsets {
    private static final int INITIAL_SLOTS = 1024;
    private static final int ENTRY_BYTES = 24;

    private final int slotsMax;
    private final MessageDigest digest;
    private long[] high = new long[INITIAL_SLOTS];
    private long[] low = new long[INITIAL_SLOTS];
    /** One more than the offset; 0 for a free slot. */
    private long[] offsets = new long[INITIAL_SLOTS];

    private int count;
    private long latestOffset = -1L;

    public KeyOffsets(int bytesMax) {
        this.slotsMax = Integer.highestOneBit(Math.max(INITIAL_SLOTS, bytesMax / ENTRY_BYTES));
        try {
            this.digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
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
        if (4L * (count + 1) > 3L * offsets.length && !grow()) {
            return false;
        }
        int slot = slotOf(key);
        if (offsets[slot] == 0L) {
            count++;
        }
        offsets[slot] = Math.max(offsets[slot], offset + 1L);
        return true;
    }

    /** The last offset of the key; -1 when it is not known. */
    public long get(ByteBuffer key) {
        return offsets[slotOf(key)] - 1L;
    }

    private int slotOf(ByteBuffer key) {
        digest.update(key.duplicate());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        return slotOf(hash.getLong(), hash.getLong());
    }

    /** The key's slot, or the free one where it belongs, with the key noted in it. */
    private int slotOf(long first, long second) {
        int mask = offsets.length - 1;
        int slot = (int) first & mask;
        while (offsets[slot] != 0L && (high[slot] != first || low[slot] != second)) {
            slot = (slot + 1) & mask;
        }
        if (offsets[slot] == 0L) {
            high[slot] = first;
            low[slot] = second;
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
                offsets[slotOf(oldHigh[i], oldLow[i])] = oldOffsets[i];
            }
        }
        return true;
    }
}
