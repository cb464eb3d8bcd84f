package io.sluice.storage.segment;

import io.sluice.base.Time;
import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.BatchVisitor;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.SharedFile;
import io.sluice.storage.api.TimestampOffset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What readers see of a log, without a lock: the list of segments, the active one's size, and the log's bounds. Changed by who holds the
 * log's {@code writing} lock.
 *
 * <p>An append publishes in this order: the end that is coming, the batches (the segment's size), the end. A reader that sees the same
 * value in both ends knows which offset the size belongs to.
 */
final class PublishedLog {
    private final Runnable onOpening;
    private volatile SegmentList segments;
    private volatile long comingEnd;
    private volatile long endOffset;
    private volatile long startOffset;

    PublishedLog(SegmentList segments, long startOffset, long endOffset, Runnable onOpening) {
        this.onOpening = onOpening;
        this.segments = segments;
        segments.all().forEach(segment -> segment.file().countOpenings(onOpening));
        this.startOffset = startOffset;
        this.endOffset = endOffset;
        this.comingEnd = endOffset;
    }

    SegmentList segments() {
        return segments;
    }

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return endOffset;
    }

    void setSegments(SegmentList next) {
        next.all().forEach(segment -> segment.file().countOpenings(onOpening));
        segments = next;
    }

    void setStartOffset(long offset) {
        startOffset = offset;
    }

    /** Before batches are published. */
    void announceEnd(long offset) {
        comingEnd = offset;
    }

    /** After that. */
    void setEndOffset(long offset) {
        comingEnd = offset;
        endOffset = offset;
    }

    LogRead read(long offset, int maxBytes, long limit, boolean minOneBatch) throws IOException {
        long end = endOffset;
        if (offset >= Math.min(end, limit)) {
            return LogRead.EMPTY;
        }
        SegmentList list = segments;
        for (int i = list.indexOf(offset); i < list.count(); i++) {
            LogSegment segment = list.get(i);
            if (segment.baseOffset() >= limit) {
                return LogRead.EMPTY;
            }
            boolean last = i + 1 == list.count();
            int bytes = segment.sizeInBytes();
            long coming = comingEnd;
            long follows = last ? (coming == end ? end : -1L) : list.get(i + 1).baseOffset();
            if (last ? limit < coming : limit < follows) {
                bytes = segment.reads().positionOf(limit, bytes);
                follows = -1L;
            }
            LogRead read = segment.reads().read(offset, maxBytes, bytes, follows, minOneBatch);
            if (read != null) {
                return read;
            }
        }
        return LogRead.EMPTY;
    }

    /** Whether a read there waits for no disk, as far as is known. */
    boolean isWarm(long offset, int maxBytes) {
        SegmentList list = segments;
        return PageWarming.isWarm(list.get(list.indexOf(offset)), offset, maxBytes);
    }

    boolean warm(long offset, int maxBytes, Time time) throws IOException {
        SegmentList list = segments;
        return PageWarming.warm(list.get(list.indexOf(offset)), offset, maxBytes, time);
    }

    void scan(long fromOffset, BatchVisitor visitor) throws IOException {
        long end = endOffset;
        SegmentList list = segments;
        for (int i = list.indexOf(fromOffset); i < list.count(); i++) {
            LogSegment segment = list.get(i);
            int limit = segment.sizeInBytes();
            int from = segment.reads().positionOf(Math.max(fromOffset, segment.baseOffset()), limit);
            SharedFile open = segment.acquire();
            try {
                HeaderWalk walk = segment.walk(open.channel(), from, limit);
                while (walk.next() && walk.baseOffset() < end) {
                    visitor.visit(walk.header(), walk.at());
                }
            } finally {
                open.release();
            }
        }
    }

    @Nullable
    TimestampOffset firstAtOrAfter(long timestampMs) throws IOException {
        return TimestampSearch.firstAtOrAfter(segments, timestampMs, startOffset);
    }

    @Nullable
    TimestampOffset latestTimestamp() throws IOException {
        return TimestampSearch.latest(segments, startOffset);
    }

    LogSegment segmentOf(long offset) {
        SegmentList list = segments;
        return list.get(list.indexOf(offset));
    }

    /** In the order of their markers; null when an index is damaged. */
    @Nullable
    List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) throws IOException {
        SegmentList list = segments;
        List<AbortedTransaction> found = new ArrayList<>();
        boolean more = true;
        for (int i = list.indexOf(fromOffset); i < list.count() && more; i++) {
            TransactionIndex index = list.get(i).transactions();
            if (index.isDamaged()) {
                return null;
            }
            more = index.collect(fromOffset, toOffset, found);
        }
        return found;
    }

    /** Gives each segment those whose markers it has, in the place of what it had. */
    void restoreAborted(List<AbortedTransaction> all) throws IOException {
        SegmentList list = segments;
        int from = 0;
        for (int i = 0; i < list.count(); i++) {
            long end = list.endOf(i, Long.MAX_VALUE);
            int to = from;
            while (to < all.size() && all.get(to).lastOffset() < end) {
                to++;
            }
            list.get(i).transactions().restore(all.subList(from, to));
            from = to;
        }
    }

    /** Writes what the files of the transaction indexes lack: before a snapshot, above which alone they are found again. */
    void persistTransactions() throws IOException {
        for (LogSegment segment : segments.all()) {
            segment.transactions().persist();
        }
    }
}
