package io.sluice.storage.api;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a partition that keep readers of committed records from going on: those that are undecided, and those whose marker
 * is written but not yet committed itself. Changed by the log's writer; asked by any thread.
 */
final class Transactions {
    private final TreeMap<Long, Long> producersOfOngoing = new TreeMap<>();
    private final TreeMap<Long, Long> markersOfEnded = new TreeMap<>();
    private volatile long firstUnstable = Long.MAX_VALUE;
    private volatile boolean anyEnded;

    synchronized void clear() {
        producersOfOngoing.clear();
        markersOfEnded.clear();
        publish();
    }

    synchronized void begin(long firstOffset, long producerId) {
        producersOfOngoing.put(firstOffset, producerId);
        publish();
    }

    /** The first offset that is undecided besides this producer's, or what follows the marker when there is none. */
    synchronized long stableAfter(long markerOffset, long producerId) {
        for (Map.Entry<Long, Long> ongoing : producersOfOngoing.entrySet()) {
            if (ongoing.getValue() != producerId) {
                return ongoing.getKey();
            }
        }
        return markerOffset + 1L;
    }

    synchronized void end(long firstOffset, long markerOffset) {
        producersOfOngoing.remove(firstOffset);
        markersOfEnded.put(firstOffset, markerOffset);
        publish();
    }

    /** Everything below this offset is committed: transactions that ended there hold nobody up any more. */
    void committed(long highWatermark) {
        if (anyEnded) {
            forgetEndedBelow(highWatermark);
        }
    }

    private synchronized void forgetEndedBelow(long offset) {
        if (markersOfEnded.values().removeIf(marker -> marker < offset)) {
            publish();
        }
    }

    /** The first offset that is not stable; {@link Long#MAX_VALUE} when all are, as far as the log knows. */
    long firstUnstable() {
        return firstUnstable;
    }

    private void publish() {
        firstUnstable = Math.min(first(producersOfOngoing), first(markersOfEnded));
        anyEnded = !markersOfEnded.isEmpty();
    }

    private static long first(TreeMap<Long, Long> offsets) {
        Map.@Nullable Entry<Long, Long> first = offsets.firstEntry();
        return first == null ? Long.MAX_VALUE : first.getKey();
    }
}
