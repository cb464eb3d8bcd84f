package io.sluice.storage.api;

/**
 * A transaction that was aborted in a partition: a reader of committed records passes over the producer's transactional batches within
 * it (KIP-98).
 *
 * @param firstOffset of its first batch
 * @param lastOffset of its marker
 * @param lastStableOffset the first undecided offset after the marker was written, as far as the log alone knows
 */
public record AbortedTransaction(long producerId, long firstOffset, long lastOffset, long lastStableOffset) {
    /** Whether readers of this range of offsets, whose end is exclusive, need to know of it. */
    public boolean overlaps(long fromOffset, long toOffset) {
        return lastOffset >= fromOffset && firstOffset < toOffset;
    }
}
