package io.sluice.storage.segment;

import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A stretch of the log: one file of batches and its indexes. The last one of a log is appended to, by one writer; any thread reads
 * below the size that is published, by its {@link SegmentReads}.
 */
final class LogSegment {
    private final long baseOffset;
    private final OffsetIndex offsetIndex;
    private final TimeIndex timeIndex;
    private final TransactionIndex transactions;
    private final long createdMs;

    private final SegmentFile file;
    private final SegmentReads reads;
    private volatile int size;
    private volatile Holes holes = Holes.NONE;
    private volatile boolean nameSafe;
    private volatile boolean cut;
    private boolean preallocated;

    private volatile long maxTimestamp = -1L;
    private volatile long offsetOfMaxTimestamp = -1L;
    private volatile long firstTimestamp = -1L;
    private int sinceIndexEntry;

    private LogSegment(
            SegmentFile file,
            long baseOffset,
            OffsetIndex offsets,
            TimeIndex times,
            TransactionIndex transactions,
            long createdMs) {
        this.baseOffset = baseOffset;
        this.offsetIndex = offsets;
        this.timeIndex = times;
        this.transactions = transactions;
        this.createdMs = createdMs;
        this.file = file;
        this.reads = new SegmentReads(this, offsets);
    }

    /** A segment without batches, whose file is made when it is first opened. */
    static LogSegment create(Path folder, long baseOffset, long nowMs) {
        return empty(new SegmentFile(folder, baseOffset), folder, baseOffset, nowMs);
    }

    /** A segment without batches in a file that is open already and gets its name by {@link SegmentFile#settle}. */
    static LogSegment create(Path folder, long baseOffset, long nowMs, Path preparedPath, SharedFile preparedFile) {
        return empty(new SegmentFile(folder, baseOffset, preparedPath, preparedFile), folder, baseOffset, nowMs);
    }

    private static LogSegment empty(SegmentFile file, Path folder, long baseOffset, long nowMs) {
        return new LogSegment(
                file,
                baseOffset,
                OffsetIndex.empty(LogFileNames.file(folder, baseOffset, LogFileNames.INDEX), baseOffset),
                TimeIndex.empty(LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX), baseOffset),
                TransactionIndex.empty(LogFileNames.file(folder, baseOffset, LogFileNames.TXN_INDEX), baseOffset),
                nowMs);
    }

    /** A segment that lies on disk, with that many bytes of whole batches and indexes that can be trusted. */
    static LogSegment stored(Path folder, long baseOffset, int size, long modifiedMs) {
        LogSegment segment = new LogSegment(
                new SegmentFile(folder, baseOffset),
                baseOffset,
                OffsetIndex.onFile(LogFileNames.file(folder, baseOffset, LogFileNames.INDEX), baseOffset),
                TimeIndex.onFile(LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX), baseOffset),
                TransactionIndex.onFile(LogFileNames.file(folder, baseOffset, LogFileNames.TXN_INDEX), baseOffset),
                modifiedMs);
        segment.size = size;
        segment.sinceIndexEntry = size;
        return segment;
    }

    long baseOffset() {
        return baseOffset;
    }

    int sizeInBytes() {
        return size;
    }

    long createdMs() {
        return createdMs;
    }

    /** What of the file is no batches. */
    Holes holes() {
        return holes;
    }

    /** For recovery: what lies there is no batch. */
    void addHole(Hole hole) {
        holes = holes.with(hole);
        size = hole.end();
    }

    /** A walk over its batches, which passes over the holes. */
    HeaderWalk walk(FileChannel channel, int from, int limit) {
        return new HeaderWalk(channel, from, limit, holes, baseOffset);
    }

    OffsetIndex offsetIndex() {
        return offsetIndex;
    }

    TimeIndex timeIndex() {
        return timeIndex;
    }

    TransactionIndex transactions() {
        return transactions;
    }

    Path path() {
        return file.path();
    }

    SegmentFile file() {
        return file;
    }

    /** The open file with one more owner, who releases it. */
    SharedFile acquire() throws IOException {
        return file.acquire();
    }

    /** How its batches are read. */
    SegmentReads reads() {
        return reads;
    }

    /** The largest timestamp, which for a stored segment comes from its time index. */
    long maxTimestamp() throws IOException {
        if (maxTimestamp < 0L && size > 0) {
            maxTimestamp = timeIndex.lastTimestamp();
            offsetOfMaxTimestamp = timeIndex.lastOffset();
        }
        return maxTimestamp;
    }

    long offsetOfMaxTimestamp() throws IOException {
        maxTimestamp();
        return offsetOfMaxTimestamp;
    }

    void restoreMaxTimestamp(long timestampMs, long offset) {
        maxTimestamp = timestampMs;
        offsetOfMaxTimestamp = offset;
    }

    /** Whether the segment must not take this batch, as Kafka decides it. */
    boolean isFull(int bytes, int maxBytes, int maxIndexBytes, long lastOffset) {
        return size > maxBytes - bytes
                || lastOffset - baseOffset > Integer.MAX_VALUE
                || offsetIndex.isFull(maxIndexBytes)
                || timeIndex.isFull(maxIndexBytes);
    }

    /** How long the segment has been filling, by the clock of its records where they have one. */
    long ageMs(long nowMs, long timestampMs) throws IOException {
        if (size == 0) {
            return 0L;
        }
        if (firstTimestamp < 0L) {
            HeaderWalk walk = walk(file.written().channel(), 0, size);
            firstTimestamp = walk.tryNext() ? Math.max(0L, walk.maxTimestamp()) : 0L;
        }
        return firstTimestamp > 0L && timestampMs >= 0L ? timestampMs - firstTimestamp : nowMs - createdMs;
    }

    /** Of its first batch, as retention and compaction take its age; when that has none, when the file was made. */
    long firstTimestamp() throws IOException {
        if (firstTimestamp < 0L && size > 0) {
            SharedFile open = acquire();
            try {
                HeaderWalk walk = new HeaderWalk(open.channel(), 0, size);
                firstTimestamp = walk.tryNext() ? Math.max(0L, walk.maxTimestamp()) : 0L;
            } finally {
                open.release();
            }
        }
        return firstTimestamp > 0L ? firstTimestamp : createdMs;
    }

    /** What the larger of its indexes takes on disk. */
    long indexBytes() throws IOException {
        return Math.max(offsetIndex.sizeInBytes(), timeIndex.sizeInBytes());
    }

    /** Makes sure that the indexes are in memory, which they are not after a restart or a long rest. */
    void prepareToAppend() throws IOException {
        offsetIndex.load();
        timeIndex.load();
        maxTimestamp();
    }

    /** Writes batches at the end; nothing is to be seen of them before {@link #publish}. */
    void write(ByteBuffer batches) throws IOException {
        SharedFile open = file.written();
        FileChannel channel = open.channel();
        int start = batches.position();
        int at = size;
        try {
            while (batches.hasRemaining()) {
                at += channel.write(batches, at);
            }
            if (at > size) {
                open.recency().written(size, at - size);
            }
        } finally {
            batches.position(start);
        }
    }

    /** Lets the batches that were written be seen, and indexes them. */
    void publish(ByteBuffer batches, long maxOfBatches, long offsetOfMax, int indexIntervalBytes) {
        int start = batches.position();
        int bytes = batches.remaining();
        int at = size;
        if (at == 0) {
            firstTimestamp = Math.max(0L, BatchHeader.maxTimestamp(batches, start));
        }
        if (maxOfBatches > maxTimestamp) {
            maxTimestamp = maxOfBatches;
            offsetOfMaxTimestamp = offsetOfMax;
        }
        if (sinceIndexEntry > indexIntervalBytes) {
            offsetIndex.append(BatchHeader.lastOffset(batches, start), at);
            timeIndex.append(maxTimestamp, offsetOfMaxTimestamp);
            sinceIndexEntry = 0;
        }
        sinceIndexEntry += bytes;
        file.use();
        reads.added(batches, at);
        size = at + bytes;
    }

    /** Takes in a batch that lies in the file already, for a segment that is being rebuilt. */
    void recovered(HeaderWalk batch, int indexIntervalBytes) {
        if (batch.position() == 0) {
            firstTimestamp = Math.max(0L, batch.maxTimestamp());
        }
        if (batch.maxTimestamp() > maxTimestamp) {
            maxTimestamp = batch.maxTimestamp();
            offsetOfMaxTimestamp = batch.lastOffset();
        }
        if (sinceIndexEntry > indexIntervalBytes) {
            offsetIndex.append(batch.lastOffset(), batch.position());
            timeIndex.append(maxTimestamp, offsetOfMaxTimestamp);
            sinceIndexEntry = 0;
        }
        sinceIndexEntry += batch.sizeInBytes();
        size = batch.end();
    }

    /**
     * The offset at which a segment ends that is not looked at again: what its index says of the last batches is tried. -1 when the file
     * is not what the index and the name say.
     */
    long endIfInOrder(long endOffset) throws IOException {
        if (size == 0) {
            return baseOffset;
        }
        SharedFile open = acquire();
        try {
            HeaderWalk first = walk(open.channel(), 0, size);
            if (!first.tryNext() || first.baseOffset() < baseOffset || first.lastOffset() >= endOffset) {
                return -1L;
            }
            int from = offsetIndex.lastPosition();
            HeaderWalk walk = walk(open.channel(), from < size ? from : 0, size);
            long end = -1L;
            while (walk.nextPosition() < size) {
                boolean follows = walk.tryNext()
                        && walk.baseOffset() >= Math.max(end, baseOffset)
                        && walk.lastOffset() >= walk.baseOffset()
                        && walk.lastOffset() < endOffset;
                if (!follows) {
                    return -1L;
                }
                end = walk.lastOffset() + 1L;
            }
            return end;
        } finally {
            open.release();
            file.release();
            offsetIndex.evict();
        }
    }

    /** Begins to rebuild from the last indexed batch that lies below this offset; where that batch begins. */
    int beginRecovery(long recoveryPoint, int fileSize) throws IOException {
        offsetIndex.truncateToOffset(recoveryPoint);
        offsetIndex.truncateToPosition(fileSize);
        timeIndex.truncateToOffset(recoveryPoint);
        maxTimestamp = timeIndex.lastTimestamp();
        offsetOfMaxTimestamp = maxTimestamp < 0L ? -1L : timeIndex.lastOffset();
        int from = offsetIndex.lastPosition();
        holes = Holes.NONE;
        size = from;
        sinceIndexEntry = 0;
        return from;
    }

    /** The indexes do not fit the file: they are made anew. */
    void forgetIndexes() throws IOException {
        offsetIndex.truncateToPosition(0);
        timeIndex.truncateToOffset(baseOffset);
    }

    /** No batch follows: the largest timestamp is indexed. */
    void sealTimeIndex() {
        if (offsetOfMaxTimestamp >= 0L) {
            timeIndex.append(maxTimestamp, offsetOfMaxTimestamp);
        }
        reads.sealed();
    }

    /** Gives the file its full size before the first batch; what is behind the last one is cut off when no more come. */
    void preallocate(long bytes) throws IOException {
        if (!preallocated && size == 0 && bytes > 0L) {
            preallocated = true;
            file.written().channel().write(ByteBuffer.allocate(1), bytes - 1L);
        }
    }

    /** No batch follows. */
    void trim() throws IOException {
        if (preallocated) {
            cutTail();
        }
    }

    /** Cuts what a failed write left behind the end. */
    void cutTail() throws IOException {
        preallocated = false;
        file.written().channel().truncate(size);
    }

    /** Cuts the file at a batch's start. Slices that were handed out past it fail, what is below stays valid. */
    void truncateTo(int position) throws IOException {
        file.settle();
        SharedFile old = acquire();
        try {
            old.markTruncated(position);
            offsetIndex.truncateToPosition(position);
            old.channel().truncate(position);
            cut = true;
        } finally {
            old.release();
        }
        file.release();
        reads.forget();
        holes = holes.below(position);
        size = position;
        sinceIndexEntry = position - offsetIndex.lastPosition();
        if (position == 0) {
            firstTimestamp = -1L;
        }
    }

    /** Finds the largest timestamp again after a cut to this end offset. */
    void restoreTimestamps(long endOffset) throws IOException {
        timeIndex.truncateToOffset(endOffset);
        maxTimestamp = timeIndex.lastTimestamp();
        offsetOfMaxTimestamp = maxTimestamp < 0L ? -1L : timeIndex.lastOffset();
        int from = maxTimestamp < 0L ? 0 : offsetIndex.floorOfOffset(offsetOfMaxTimestamp);
        HeaderWalk walk = walk(file.written().channel(), from, size);
        while (walk.next()) {
            if (walk.maxTimestamp() > maxTimestamp) {
                maxTimestamp = walk.maxTimestamp();
                offsetOfMaxTimestamp = walk.lastOffset();
            }
        }
    }

    /** Writes what the index files do not have yet. */
    void persistIndexes() throws IOException {
        if (offsetIndex.isDirty() || timeIndex.isDirty()) {
            offsetIndex.persist();
            timeIndex.persist();
        }
        transactions.persist();
    }

    /** Makes the index files durable, as far as they were written. */
    void syncIndexes() throws IOException {
        TextFile.syncIfPresent(offsetIndex.path());
        TextFile.syncIfPresent(timeIndex.path());
    }

    /** The file was cut, and a crash of the machine can bring back what was behind. */
    void cutIsUnsafe() {
        cut = true;
    }

    /** Whether it was since this was asked last; who asks syncs the file. */
    boolean takeCut() {
        boolean was = cut;
        cut = false;
        return was;
    }

    /** Whether the file's name would survive a crash of the machine. */
    boolean isNameSafe() {
        return nameSafe;
    }

    void nameIsSafe() {
        nameSafe = true;
    }

    /** Lets go of the file and of what is in memory, if nobody used it since the last call. */
    void releaseIfIdle() throws IOException {
        if (!file.takeUse()) {
            file.finishStaging();
            file.release();
            offsetIndex.evict();
            timeIndex.evict();
            transactions.evict();
        }
    }
}
