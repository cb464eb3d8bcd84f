package io.sluice.storage.segment;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Finds and reads the batches of one segment, by any thread, below the size that is published. It remembers where the last batches begin
 * and where a reader stopped, so that whoever follows the log's end, or goes on, looks for nothing.
 */
final class SegmentReads {
    /** Reads up to this size are copied: cheaper than a slice that is sent from the file. */
    private static final int COPY_BYTES_MAX = 8 * 1024;

    private final LogSegment segment;
    private final long baseOffset;
    private final OffsetIndex index;
    private volatile @Nullable TailPositions tail;
    private volatile @Nullable ReadHint hint;

    /** Where a reader stopped, and so will go on; an offset of -1 is not known. */
    private record ReadHint(long offset, int position) {}

    SegmentReads(LogSegment segment, OffsetIndex index) {
        this.segment = segment;
        this.baseOffset = segment.baseOffset();
        this.index = index;
    }

    /** For the writer: these batches are about to be seen at a position of the file. */
    void added(ByteBuffer batches, int position) {
        TailPositions positions = tail;
        if (positions == null) {
            positions = new TailPositions();
            tail = positions;
        }
        int start = batches.position();
        int end = batches.limit();
        for (int i = start; i < end; i += BatchHeader.sizeInBytes(batches, i)) {
            positions.add(BatchHeader.baseOffset(batches, i), position + (i - start));
        }
    }

    /** No batch follows. */
    void sealed() {
        tail = null;
    }

    /** The segment was cut. */
    void forget() {
        hint = null;
        tail = null;
    }

    /** The position of the first batch that has an offset at or above this one, or the limit when there is none. */
    int positionOf(long offset, int limit) throws IOException {
        int known = knownPositionOf(offset, limit);
        if (known >= 0) {
            return known;
        }
        SharedFile open = segment.acquire();
        try {
            return search(open.channel(), offset, limit);
        } finally {
            open.release();
        }
    }

    /** Where the batch that begins with this offset lies, if that is in memory; else -1. */
    private int knownPositionOf(long offset, int limit) {
        TailPositions positions = tail;
        if (positions != null) {
            int found = positions.find(offset);
            if (found >= 0 && found < limit) {
                return found;
            }
        }
        ReadHint last = hint;
        return last != null && last.offset == offset && last.position <= limit ? last.position : -1;
    }

    private int search(FileChannel channel, long offset, int limit) throws IOException {
        Hole lost = segment.holes().containing(offset);
        if (lost != null) {
            return Math.min(limit, lost.position());
        }
        int from = offset <= baseOffset ? 0 : index.floorOfOffset(offset);
        HeaderWalk walk = segment.walk(channel, from, limit);
        if (from > 0 && walk.next()) {
            if (walk.baseOffset() < baseOffset || walk.baseOffset() > offset) {
                throw new NoBatchException(
                        baseOffset, "the index of " + segment.path() + " leads past offset " + offset);
            }
            if (walk.lastOffset() >= offset) {
                return walk.position();
            }
        }
        while (walk.next()) {
            if (walk.lastOffset() >= offset) {
                return walk.position();
            }
        }
        return limit;
    }

    /**
     * Reads whole batches from the one that contains the offset, or follows it.
     *
     * @param limit the end of what can be read: a batch's end
     * @param limitOffset the offset that follows it, or -1 when that is not known
     * @return null when there is no such batch; empty when it is too large
     */
    @Nullable
    LogRead read(long offset, int maxBytes, int limit, long limitOffset, boolean minOneBatch) throws IOException {
        int start = knownPositionOf(offset, limit);
        SharedFile open = segment.acquire();
        boolean given = false;
        try {
            long firstOffset = offset;
            if (start < 0) {
                start = search(open.channel(), offset, limit);
                if (start < limit) {
                    HeaderWalk first = segment.walk(open.channel(), start, limit);
                    first.next();
                    firstOffset = first.baseOffset();
                }
            }
            if (start >= limit) {
                return null;
            }
            Holes holes = segment.holes();
            int whole = holes.isEmpty() ? limit : holes.nextStart(start, limit);
            long follows = whole == limit ? limitOffset : -1L;
            ReadHint stop = endOfRead(open.channel(), start, maxBytes, whole, follows, minOneBatch);
            int end = stop.position;
            if (stop.offset >= 0L) {
                hint = stop;
            }
            if (end <= start) {
                return LogRead.EMPTY;
            }
            if (end - start <= COPY_BYTES_MAX) {
                ByteBuffer copied = copy(open.channel(), start, end - start);
                return new LogRead(new ByteBufferRecords(copied), firstOffset, stop.offset);
            }
            given = true;
            open.recency().used(start, end);
            return new LogRead(new FileSlice(open, start, end - start), firstOffset, stop.offset);
        } finally {
            if (!given) {
                open.release();
            }
        }
    }

    /** Where a read of this offset begins to look into the file, as far as that is in memory; else -1. */
    int startInMemory(long offset) {
        int known = knownPositionOf(offset, segment.sizeInBytes());
        if (known >= 0 || offset <= baseOffset) {
            return Math.max(0, known);
        }
        return index.isResident() ? index.residentFloorOfOffset(offset) : -1;
    }

    /** The end of the last whole batch that fits. */
    private ReadHint endOfRead(
            FileChannel channel, int start, int maxBytes, int limit, long limitOffset, boolean minOneBatch)
            throws IOException {
        if (limit - start <= maxBytes) {
            return new ReadHint(limitOffset, limit);
        }
        int from = Math.max(start, index.floorOfPosition(start + Math.max(0, maxBytes)));
        HeaderWalk walk = segment.walk(channel, from, limit);
        int end = from;
        while (walk.next() && walk.end() - start <= maxBytes) {
            end = walk.end();
        }
        if (end == start && minOneBatch) {
            return new ReadHint(walk.lastOffset() + 1L, walk.end());
        }
        return new ReadHint(walk.baseOffset(), end);
    }

    private ByteBuffer copy(FileChannel channel, int position, int length) throws IOException {
        ByteBuffer copy = ByteBuffer.allocate(length);
        while (copy.hasRemaining()) {
            if (channel.read(copy, position + copy.position()) < 0) {
                throw new IOException("segment " + segment.path() + " ends below " + (position + length));
            }
        }
        return copy.flip();
    }

    /** One whole batch in a heap buffer. */
    ByteBuffer load(FileChannel channel, HeaderWalk batch) throws IOException {
        return copy(channel, batch.position(), batch.sizeInBytes());
    }
}
