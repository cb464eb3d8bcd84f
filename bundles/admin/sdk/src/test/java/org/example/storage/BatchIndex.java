package org.example.storage;

import java.util.Arrays;

/**
 * Where each batch ends in the data file, its offsets and its largest timestamp. Grown by {@link #plus}, which leaves this one as it is:
 * what a reader holds never changes. One writer.
 */
record BatchIndex(int count, long[] firstOffsets, long[] lastOffsets, long[] ends, long[] maxTimestamps) {
    static final BatchIndex EMPTY = new BatchIndex(0, new long[0], new long[0], new long[0], new long[0]);

    /** The arrays are shared with this one: slots above {@link #count} belong to the writer. */
    BatchIndex plus(long firstOffset, long lastOffset, int bytes, long maxTimestamp) {
        BatchIndex grown = count == ends.length ? copy(Math.max(8, 2 * count)) : this;
        grown.firstOffsets[count] = firstOffset;
        grown.lastOffsets[count] = lastOffset;
        grown.ends[count] = size() + bytes;
        grown.maxTimestamps[count] = maxTimestamp;
        return new BatchIndex(count + 1, grown.firstOffsets, grown.lastOffsets, grown.ends, grown.maxTimestamps);
    }

    private BatchIndex copy(int capacity) {
        return new BatchIndex(
                count,
                Arrays.copyOf(firstOffsets, capacity),
                Arrays.copyOf(lastOffsets, capacity),
                Arrays.copyOf(ends, capacity),
                Arrays.copyOf(maxTimestamps, capacity));
    }

    /** The batches from one to before another, as they lie in a file of their own. */
    BatchIndex part(int from, int to) {
        BatchIndex part = EMPTY.copy(to - from);
        for (int i = from; i < to; i++) {
            part = part.plus(firstOffsets[i], lastOffsets[i], (int) (ends[i] - startOf(i)), maxTimestamps[i]);
        }
        return part;
    }

    /** The bytes of all batches. */
    long size() {
        return startOf(count);
    }

    long startOf(int batch) {
        return batch == 0 ? 0L : ends[batch - 1];
    }

    /** The first batch with an offset at or above this one; {@link #count} when there is none. */
    int find(long offset) {
        int found = Arrays.binarySearch(lastOffsets, 0, count, offset);
        return found >= 0 ? found : -found - 1;
    }
}
