package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.LogConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The end of a log, where batches are appended: decides when a new segment begins, and cuts what a failed write left. Who calls it holds
 * the log's {@code writing}.
 */
final class LogTail {
    private final TopicIdPartition partition;
    private final PublishedLog published;
    private final LogFlush flush;
    private final SegmentStaging staging;
    private final Time time;
    private final PreparedSegment prepared;
    private boolean rolled;
    private boolean dirty;

    LogTail(
            TopicIdPartition partition,
            Path folder,
            PublishedLog published,
            LogFlush flush,
            SegmentStaging staging,
            Time time,
            Scheduler scheduler) {
        this.partition = partition;
        this.published = published;
        this.flush = flush;
        this.staging = staging;
        this.time = time;
        this.prepared = new PreparedSegment(folder, scheduler);
        published.segments().active().file().stageWith(staging);
    }

    /** See {@link SegmentedLog#append}. When it fails, nothing is to be seen of the batches; what it left is to be {@link #cut} before the next. */
    void append(
            ByteBuffer batches, long firstOffset, long lastOffset, long maxTimestamp, long offsetOfMax, LogConfig now)
            throws IOException {
        LogSegment active = segmentFor(batches.remaining(), firstOffset, lastOffset, maxTimestamp, now);
        if (now.flushMessages() != Long.MAX_VALUE) {
            active.file().finishStaging(); // so that it is the write that a full disk fails, and not the sync after it
        }
        dirty = true;
        active.write(batches);
        dirty = false;
        published.announceEnd(lastOffset + 1L);
        active.publish(batches, maxTimestamp, offsetOfMax, now.indexIntervalBytes());
        published.setEndOffset(lastOffset + 1L);
        if (active.sizeInBytes() > now.segmentBytes() / 2) {
            prepared.order();
        }
    }

    private LogSegment segmentFor(int bytes, long firstOffset, long lastOffset, long maxTimestamp, LogConfig now)
            throws IOException {
        LogSegment active = published.segments().active();
        active.prepareToAppend();
        if (active.sizeInBytes() == 0) {
            return preallocated(active, now);
        }
        boolean full = active.isFull(bytes, now.segmentBytes(), now.segmentIndexBytes(), lastOffset);
        long oldest = now.cleanupCompact() ? Math.min(now.segmentMs(), now.maxCompactionLagMs()) : now.segmentMs();
        if (full || active.ageMs(time.milliseconds(), maxTimestamp) > oldest - jitterMs(active, now)) {
            return preallocated(roll(baseOf(firstOffset, lastOffset)), now);
        }
        return active;
    }

    /** The log's end, so that no offsets are missing between files; offsets that a copy never had are missing within one. */
    private long baseOf(long firstOffset, long lastOffset) {
        long end = published.endOffset();
        return lastOffset - end <= Integer.MAX_VALUE ? end : firstOffset;
    }

    private static LogSegment preallocated(LogSegment segment, LogConfig now) throws IOException {
        if (now.preallocate()) {
            segment.preallocate(now.segmentBytes());
        }
        return segment;
    }

    /** The same for a segment whenever it is asked, different from one partition to the next. */
    private long jitterMs(LogSegment active, LogConfig now) {
        long range = Math.min(now.segmentJitterMs(), now.segmentMs());
        return range <= 0L ? 0L : Long.remainderUnsigned(31L * partition.hashCode() + active.baseOffset(), range);
    }

    /** Begins a new segment at the log's end; what takes time follows in the background. */
    LogSegment roll(long baseOffset) throws IOException {
        LogSegment old = published.segments().active();
        old.sealTimeIndex();
        old.trim();
        LogSegment next = prepared.take(baseOffset, time.milliseconds(), staging);
        next.file().stageWith(staging);
        published.setSegments(published.segments().with(next));
        rolled = true;
        flush.inBackground();
        return next;
    }

    /** Whether a segment began since the last call. */
    boolean pollRolled() {
        boolean was = rolled;
        rolled = false;
        return was;
    }

    /** The log begins anew with this segment, which has no batches. */
    void restartWith(LogSegment first) {
        first.file().stageWith(staging);
        published.setSegments(new SegmentList(List.of(first)));
    }

    /** The log was cut: there is nothing behind its end. */
    void wasCut() {
        dirty = false;
    }

    /** Cuts what a failed write left behind the end. */
    void cut() throws IOException {
        if (dirty) {
            published.segments().active().cutTail();
            dirty = false;
        }
    }

    /** Nothing is appended any more. */
    void seal() throws IOException {
        published.segments().active().sealTimeIndex();
        published.segments().active().trim();
    }

    /** Removes the file that was prepared for what is not appended any more. */
    void close() throws IOException {
        prepared.close();
    }
}
