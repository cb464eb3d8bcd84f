package io.sluice.storage.segment;

/**
 * Where the last batches of an active segment begin, so that reads at the log's tail need no look into the file. One writer; look-ups
 * from any thread.
 */
final class TailPositions {
    private static final int SLOTS = 64;

    private final long[] offsets = new long[SLOTS];
    private final int[] positions = new int[SLOTS];
    private volatile long added;

    void add(long baseOffset, int position) {
        long at = added;
        int slot = (int) (at & (SLOTS - 1));
        offsets[slot] = baseOffset;
        positions[slot] = position;
        added = at + 1L; // the one writer is the only one to change it: nothing is lost between the read and this
    }

    /** The position of the batch with this base offset; -1 when it is not among the last ones. */
    int find(long baseOffset) {
        long end = added;
        // The oldest slot may be overwritten at any moment: it is never trusted.
        long first = Math.max(0L, end - SLOTS + 1);
        for (long at = end - 1; at >= first; at--) {
            int slot = (int) (at & (SLOTS - 1));
            if (offsets[slot] == baseOffset) {
                int position = positions[slot];
                return added - at < SLOTS ? position : -1;
            }
        }
        return -1;
    }

    /** Forgets everything; for the writer, when nobody can ask for what follows the cut. */
    void clear() {
        for (int i = 0; i < SLOTS; i++) {
            offsets[i] = -1L;
        }
        long at = added;
        added = at + SLOTS; // by the one writer, too
    }
}
