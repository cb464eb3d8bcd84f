package io.sluice.storage.segment;

import io.sluice.storage.api.BatchTimestamps;
import io.sluice.storage.api.SharedFile;
import io.sluice.storage.api.TimestampOffset;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Finds records by their time: the segment by its largest timestamp, the place by the time index, the record by reading batches. */
final class TimestampSearch {
    private TimestampSearch() {}

    static @Nullable TimestampOffset firstAtOrAfter(SegmentList segments, long timestampMs, long logStartOffset)
            throws IOException {
        for (int i = segments.indexOf(logStartOffset); i < segments.count(); i++) {
            LogSegment segment = segments.get(i);
            if (segment.sizeInBytes() == 0 || segment.maxTimestamp() < timestampMs) {
                continue;
            }
            TimestampOffset found = within(segment, timestampMs, logStartOffset);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable TimestampOffset within(LogSegment segment, long timestampMs, long logStartOffset)
            throws IOException {
        long from = Math.max(segment.timeIndex().floorOfTimestamp(timestampMs), logStartOffset);
        int limit = segment.sizeInBytes();
        int start = segment.reads().positionOf(Math.max(from, segment.baseOffset()), limit);
        SharedFile open = segment.acquire();
        try {
            HeaderWalk walk = segment.walk(open.channel(), start, limit);
            while (walk.next()) {
                if (walk.maxTimestamp() >= timestampMs && walk.lastOffset() >= logStartOffset) {
                    TimestampOffset found = BatchTimestamps.firstAtOrAfter(
                            segment.reads().load(open.channel(), walk), timestampMs, logStartOffset);
                    if (found != null) {
                        return found;
                    }
                }
            }
            return null;
        } finally {
            open.release();
        }
    }

    static @Nullable TimestampOffset latest(SegmentList segments, long logStartOffset) throws IOException {
        LogSegment newest = null;
        long largest = -1L;
        for (int i = segments.indexOf(logStartOffset); i < segments.count(); i++) {
            LogSegment segment = segments.get(i);
            long of = largestOf(segment, logStartOffset);
            if (of > largest) {
                newest = segment;
                largest = of;
            }
        }
        return newest == null ? null : within(newest, largest, logStartOffset);
    }

    /** The largest timestamp of the segment's records at or above the log's start; -1 when there is none. */
    private static long largestOf(LogSegment segment, long logStartOffset) throws IOException {
        int limit = segment.sizeInBytes();
        if (limit == 0 || segment.baseOffset() >= logStartOffset) {
            return limit == 0 ? -1L : segment.maxTimestamp();
        }
        long largest = -1L;
        SharedFile open = segment.acquire();
        try {
            HeaderWalk walk = segment.walk(open.channel(), segment.reads().positionOf(logStartOffset, limit), limit);
            while (walk.next()) {
                if (walk.maxTimestamp() > largest) {
                    largest = Math.max(
                            largest,
                            walk.baseOffset() >= logStartOffset
                                    ? walk.maxTimestamp()
                                    : BatchTimestamps.largest(
                                            segment.reads().load(open.channel(), walk), logStartOffset));
                }
            }
        } finally {
            open.release();
        }
        return largest;
    }
}
