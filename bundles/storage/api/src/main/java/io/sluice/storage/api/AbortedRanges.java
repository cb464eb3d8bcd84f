package io.sluice.storage.api;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The transactions of a stretch of a log that were aborted, by their producers, for a round of compaction. Immutable. */
public final class AbortedRanges {
    public static final AbortedRanges NONE = new AbortedRanges(List.of());

    /** First and last offset in turn, in the order of the offsets: a producer has one transaction at a time. */
    private final Map<Long, long[]> rangesOfProducers = new HashMap<>();

    /** @param aborted in the order of their markers */
    public AbortedRanges(List<AbortedTransaction> aborted) {
        for (AbortedTransaction one : aborted) {
            long[] known = rangesOfProducers.getOrDefault(one.producerId(), new long[0]);
            long[] more = Arrays.copyOf(known, known.length + 2);
            more[known.length] = one.firstOffset();
            more[known.length + 1] = one.lastOffset();
            rangesOfProducers.put(one.producerId(), more);
        }
    }

    /** Whether what this producer wrote at the offset, in a transaction, counts for nothing. */
    public boolean contain(long producerId, long offset) {
        long[] ranges = rangesOfProducers.get(producerId);
        if (ranges == null) {
            return false;
        }
        int at = Arrays.binarySearch(ranges, offset);
        // Between a first and a last offset the place is odd; on one of them it is found.
        return at >= 0 || (-at - 1) % 2 == 1;
    }
}
