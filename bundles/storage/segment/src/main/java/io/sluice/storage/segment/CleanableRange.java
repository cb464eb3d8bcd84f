package io.sluice.storage.segment;

import io.sluice.storage.api.LogConfig;
import java.io.IOException;

/**
 * What of a log can be compacted now, and whether it is worth it: whole segments below the active one, decided, and old enough.
 *
 * @param firstDirty where what was not compacted yet begins
 * @param end where it ends; {@code firstDirty} when there is none
 * @param isDue whether enough of it is dirty, or has been for too long
 */
record CleanableRange(long firstDirty, long end, boolean isDue) {
    static CleanableRange of(SegmentList segments, long firstDirty, long stableOffset, LogConfig config, long nowMs)
            throws IOException {
        long end = firstDirty;
        long clean = 0L;
        long dirty = 0L;
        boolean overdue = false;
        for (int i = 0; i + 1 < segments.count(); i++) {
            LogSegment segment = segments.get(i);
            long next = segments.get(i + 1).baseOffset();
            if (next <= firstDirty) {
                clean += segment.sizeInBytes();
                continue;
            }
            boolean young = config.minCompactionLagMs() > 0L && nowMs - newest(segment) < config.minCompactionLagMs();
            if (next > stableOffset || young) {
                break;
            }
            end = next;
            dirty += segment.sizeInBytes();
            overdue |= segment.sizeInBytes() > 0 && nowMs - segment.firstTimestamp() > config.maxCompactionLagMs();
        }
        boolean due = dirty > 0L && (overdue || dirty > config.minCleanableDirtyRatio() * (clean + dirty));
        return new CleanableRange(firstDirty, end, due);
    }

    private static long newest(LogSegment segment) throws IOException {
        long newest = segment.maxTimestamp();
        return newest >= 0L ? newest : segment.createdMs();
    }

    /** Whether the active segment has records that must be compacted soon, for which it has to end. */
    static boolean mustRoll(LogSegment active, LogConfig config, long nowMs) throws IOException {
        return config.cleanupCompact()
                && config.maxCompactionLagMs() < Long.MAX_VALUE
                && active.sizeInBytes() > 0
                && nowMs - active.firstTimestamp() > config.maxCompactionLagMs();
    }
}
