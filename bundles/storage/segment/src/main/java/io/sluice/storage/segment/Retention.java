package io.sluice.storage.segment;

import io.sluice.storage.api.LogConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Which segments a log no longer has to keep: by age, by size, and below its start. Whole segments go, from the oldest on. */
final class Retention {
    private final LogConfig config;
    private final long nowMs;

    Retention(LogConfig config, long nowMs) {
        this.config = config;
        this.nowMs = nowMs;
    }

    /** Whether all records of the segment are too old. */
    boolean expires(LogSegment segment) throws IOException {
        if (!config.cleanupDelete() || config.retentionMs() < 0L || segment.sizeInBytes() == 0) {
            return false;
        }
        long newest = segment.maxTimestamp();
        return nowMs - (newest >= 0L ? newest : segment.createdMs()) > config.retentionMs();
    }

    /** The segments to delete, never the active one, and none that has a record at or above the high watermark. */
    List<LogSegment> deletable(SegmentList segments, long logStartOffset, long highWatermark) throws IOException {
        List<LogSegment> doomed = new ArrayList<>();
        boolean sized = config.cleanupDelete() && config.retentionBytes() >= 0L;
        long excess = sized ? segments.sizeInBytes() - config.retentionBytes() : 0L;
        for (int i = 0; i + 1 < segments.count(); i++) {
            LogSegment segment = segments.get(i);
            long end = segments.get(i + 1).baseOffset();
            boolean oversize = sized && excess >= segment.sizeInBytes();
            if (end > highWatermark || !(end <= logStartOffset || oversize || expires(segment))) {
                break;
            }
            excess -= segment.sizeInBytes();
            doomed.add(segment);
        }
        return doomed;
    }
}
