package io.sluice.storage.api;

import java.io.IOException;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * What a round of background work must leave alone. What it is asked, it answers on the thread of the round.
 *
 * @param highWatermark nothing at or above it is removed or compacted
 * @param lastStableOffset nothing at or above it is compacted: whether it counts is not decided
 * @param lastOffsets the last offset of the data of a producer that is still remembered, by its id; {@link #MARKERS_ONLY} when only the ends of
 *     its transactions are remembered, -1 for any other
 * @param aborted the transactions whose records count for nothing
 */
public record MaintenanceScope(
        long highWatermark, long lastStableOffset, LongUnaryOperator lastOffsets, Aborted aborted) {
    /** Instead of the last offset of a producer's data when there is none. */
    public static final long MARKERS_ONLY = -2L;

    /** Finds aborted transactions. */
    @FunctionalInterface
    public interface Aborted {
        /** Those that have something between two offsets, the second exclusive. */
        List<AbortedTransaction> overlapping(long fromOffset, long toOffset) throws IOException;
    }

    /** Of a log that has no producers. */
    public static MaintenanceScope below(long highWatermark) {
        return new MaintenanceScope(highWatermark, highWatermark, producerId -> -1L, (from, to) -> List.of());
    }
}
