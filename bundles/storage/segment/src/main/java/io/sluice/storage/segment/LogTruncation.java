package io.sluice.storage.segment;

import io.sluice.base.Time;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Cuts a log at its end, or empties it. Who calls it holds both of the log's locks, and lets no maintenance run. */
final class LogTruncation {
    private final SegmentedLog log;
    private final Path folder;
    private final Time time;
    private final PublishedLog published;
    private final SegmentFiles files;
    private final SnapshotFiles snapshots;
    private final LogTail tail;

    LogTruncation(
            SegmentedLog log,
            Path folder,
            Time time,
            PublishedLog published,
            SegmentFiles files,
            SnapshotFiles snapshots,
            LogTail tail) {
        this.log = log;
        this.folder = folder;
        this.time = time;
        this.published = published;
        this.files = files;
        this.snapshots = snapshots;
        this.tail = tail;
    }

    /** See {@link SegmentedLog#truncateTo}. */
    void to(long offset) throws IOException {
        long start = published.startOffset();
        if (offset >= published.endOffset()) {
            return;
        }
        if (offset <= start) {
            restartAt(offset);
            return;
        }
        SegmentList list = published.segments();
        int keep = list.indexOf(offset);
        List<LogSegment> removed = list.all().subList(keep + 1, list.count());
        LogSegment last = list.get(keep);
        int position = last.reads().positionOf(offset, last.sizeInBytes());
        long end = endAt(last, position, offset);
        if (end < start) {
            restartAt(start);
            return;
        }
        published.setSegments(list.without(removed));
        published.setEndOffset(end);
        last.truncateTo(position);
        last.restoreTimestamps(end);
        last.transactions().truncateTo(end);
        delete(removed);
        cut(end);
    }

    /** Where the log ends when it is cut before this batch: at the batch's start, if the offset lies within it. */
    private static long endAt(LogSegment segment, int position, long offset) throws IOException {
        if (position >= segment.sizeInBytes()) {
            return offset;
        }
        SharedFile open = segment.acquire();
        try {
            HeaderWalk walk = segment.walk(open.channel(), position, segment.sizeInBytes());
            return walk.next() ? Math.min(offset, walk.baseOffset()) : offset; // nothing but damage follows
        } finally {
            open.release();
        }
    }

    /** See {@link SegmentedLog#truncateFullyAndStartAt}. */
    void restartAt(long offset) throws IOException {
        List<LogSegment> removed = published.segments().all();
        published.setStartOffset(offset);
        log.startsAnew();
        delete(removed);
        tail.restartWith(LogSegment.create(folder, offset, time.milliseconds()));
        published.setEndOffset(offset);
        snapshots.deleteBelow(Long.MAX_VALUE);
        cut(offset);
    }

    private void delete(List<LogSegment> removed) throws IOException {
        for (LogSegment segment : removed) {
            files.delete(segment, log.deleteDelayMs());
        }
    }

    private void cut(long end) throws IOException {
        tail.wasCut();
        log.wasCut(end);
    }
}
