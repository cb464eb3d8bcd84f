package io.sluice.storage.segment;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the log: one file of batches and its indexes. The last one of a log is appended to, by one writer; any thread reads
 * below the size that is published. The file is opened when it is first needed and stays open until {@link #release}.
 */
final class LogSegment {
    /** Reads up to this size are copied: cheaper than a slice that is sent from the file. */
    private static final int COPY_BYTES_MAX = 8 * 1024;

    private final Path folder;
    private final long baseOffset;
    private final OffsetIndex offsetIndex;
    private final TimeIndex timeIndex;
    private final long createdMs;

    private volatile @Nullable SharedFile file;
    private volatile @Nullable Path prepared;
    private volatile int size;
    private volatile @Nullable TailPositions tail;
    private volatile @Nullable ReadHint hint;
    private volatile boolean used;
    private boolean disposed;

    private volatile long maxTimestamp = -1L;
    private volatile long offsetOfMaxTimestamp = -1L;
    private long firstTimestamp = -1L;
    private int sinceIndexEntry;

    /** Where a reader stopped, and so will go on. */
    private record ReadHint(long offset, int position) {}

    private LogSegment(Path folder, long baseOffset, OffsetIndex offsets, TimeIndex times, long createdMs) {
        this.folder = folder;
        this.baseOffset = baseOffset;
        this.offsetIndex = offsets;
        this.timeIndex = times;
        this.createdMs = createdMs;
    }

    /** A segment without batches, whose file is made when it is first opened. */
    static LogSegment create(Path folder, long baseOffset, long nowMs) {
        return new LogSegment(
                folder,
                baseOffset,
                OffsetIndex.empty(LogFileNames.file(folder, baseOffset, LogFileNames.INDEX), baseOffset),
                TimeIndex.empty(LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX), baseOffset),
                nowMs);
    }

    /** A segment without batches in a file that is open already and gets its name by {@link #settle}. */
    static LogSegment create(Path folder, long baseOffset, long nowMs, Path preparedPath, SharedFile preparedFile) {
        LogSegment segment = create(folder, baseOffset, nowMs);
        segment.prepared = preparedPath;
        segment.file = preparedFile;
        return segment;
    }

    /** A segment that lies on disk, with that many bytes of whole batches and indexes that can be trusted. */
    static LogSegment stored(Path folder, long baseOffset, int size, long modifiedMs) {
        LogSegment segment = new LogSegment(
                folder,
                baseOffset,
                OffsetIndex.onFile(LogFileNames.file(folder, baseOffset, LogFileNames.INDEX), baseOffset),
                TimeIndex.onFile(LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX), baseOffset),
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

    OffsetIndex offsetIndex() {
        return offsetIndex;
    }

    TimeIndex timeIndex() {
        return timeIndex;
    }

    Path path() {
        return LogFileNames.file(folder, baseOffset, LogFileNames.LOG);
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

    /** The open file with one more owner, who releases it. */
    SharedFile acquire() throws IOException {
        used = true;
        while (true) {
            SharedFile open = file;
            if (open == null) {
                open = openFile();
            }
            if (open.retain()) {
                return open;
            }
            synchronized (this) {
                if (file == open) {
                    file = null;
                }
            }
        }
    }

    private synchronized SharedFile openFile() throws IOException {
        if (disposed) {
            throw new ClosedChannelException();
        }
        SharedFile open = file;
        if (open == null) {
            Path from = prepared != null ? prepared : path();
            open = new SharedFile(FileChannel.open(
                    from, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
            file = open;
        }
        return open;
    }

    /** For the writer: the channel that batches are written to. */
    private FileChannel writable() throws IOException {
        SharedFile open = file;
        return (open == null ? openFile() : open).channel();
    }

    /** Gives a prepared file its name. Not for the writer's path. */
    synchronized void settle() throws IOException {
        if (prepared != null) {
            Files.move(prepared, path());
            prepared = null;
        }
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
            HeaderWalk walk = new HeaderWalk(writable(), 0, size);
            firstTimestamp = walk.tryNext() ? Math.max(0L, walk.maxTimestamp()) : 0L;
        }
        return firstTimestamp > 0L && timestampMs >= 0L ? timestampMs - firstTimestamp : nowMs - createdMs;
    }

    /** Makes sure that the indexes are in memory, which they are not after a restart or a long rest. */
    void prepareToAppend() throws IOException {
        offsetIndex.load();
        timeIndex.load();
        maxTimestamp();
    }

    /** Writes batches at the end; nothing is to be seen of them before {@link #publish}. */
    void write(ByteBuffer batches) throws IOException {
        FileChannel channel = writable();
        int start = batches.position();
        int at = size;
        try {
            while (batches.hasRemaining()) {
                at += channel.write(batches, at);
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
        if (!used) {
            used = true;
        }
        TailPositions positions = tail;
        if (positions == null) {
            positions = new TailPositions();
            tail = positions;
        }
        int end = start + bytes;
        for (int i = start; i < end; i += BatchHeader.sizeInBytes(batches, i)) {
            positions.add(BatchHeader.baseOffset(batches, i), at + (i - start));
        }
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

    /** Begins to rebuild from the last indexed batch that lies below this offset; where that batch begins. */
    int beginRecovery(long recoveryPoint, int fileSize) throws IOException {
        offsetIndex.truncateToOffset(recoveryPoint);
        offsetIndex.truncateToPosition(fileSize);
        timeIndex.truncateToOffset(recoveryPoint);
        maxTimestamp = timeIndex.lastTimestamp();
        offsetOfMaxTimestamp = maxTimestamp < 0L ? -1L : timeIndex.lastOffset();
        int from = offsetIndex.lastPosition();
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
        tail = null;
    }

    /** The position of the first batch that has an offset at or above this one, or the limit when there is none. */
    int positionOf(long offset, int limit) throws IOException {
        int known = knownPositionOf(offset, limit);
        if (known >= 0) {
            return known;
        }
        SharedFile open = acquire();
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
        HeaderWalk walk = new HeaderWalk(channel, offset <= baseOffset ? 0 : offsetIndex.floorOfOffset(offset), limit);
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
        SharedFile open = acquire();
        boolean given = false;
        try {
            long firstOffset = offset;
            if (start < 0) {
                start = search(open.channel(), offset, limit);
                if (start < limit) {
                    HeaderWalk first = new HeaderWalk(open.channel(), start, limit);
                    first.next();
                    firstOffset = first.baseOffset();
                }
            }
            if (start >= limit) {
                return null;
            }
            int end = endOfRead(open.channel(), start, maxBytes, limit, limitOffset, minOneBatch);
            if (end <= start) {
                return LogRead.EMPTY;
            }
            if (end - start <= COPY_BYTES_MAX) {
                return new LogRead(new ByteBufferRecords(copy(open.channel(), start, end - start)), firstOffset);
            }
            given = true;
            return new LogRead(new FileSlice(open, start, end - start), firstOffset);
        } finally {
            if (!given) {
                open.release();
            }
        }
    }

    /** The end of the last whole batch that fits. */
    private int endOfRead(
            FileChannel channel, int start, int maxBytes, int limit, long limitOffset, boolean minOneBatch)
            throws IOException {
        if (limit - start <= maxBytes) {
            if (limitOffset >= 0L) {
                hint = new ReadHint(limitOffset, limit);
            }
            return limit;
        }
        int from = Math.max(start, offsetIndex.floorOfPosition(start + Math.max(0, maxBytes)));
        HeaderWalk walk = new HeaderWalk(channel, from, limit);
        int end = from;
        while (walk.next() && walk.end() - start <= maxBytes) {
            end = walk.end();
        }
        if (end == start && minOneBatch) {
            hint = new ReadHint(walk.lastOffset() + 1L, walk.end());
            return walk.end();
        }
        hint = new ReadHint(walk.baseOffset(), end);
        return end;
    }

    private ByteBuffer copy(FileChannel channel, int position, int length) throws IOException {
        ByteBuffer copy = ByteBuffer.allocate(length);
        while (copy.hasRemaining()) {
            if (channel.read(copy, position + copy.position()) < 0) {
                throw new IOException("segment " + path() + " ends below " + (position + length));
            }
        }
        return copy.flip();
    }

    /** One whole batch in a heap buffer. */
    ByteBuffer load(FileChannel channel, HeaderWalk batch) throws IOException {
        return copy(channel, batch.position(), batch.sizeInBytes());
    }

    /** Cuts what a failed write left behind the end. */
    void cutTail() throws IOException {
        writable().truncate(size);
    }

    /** Cuts the file at a batch's start. Slices that were handed out past it fail, what is below stays valid. */
    void truncateTo(int position) throws IOException {
        settle();
        SharedFile old = acquire();
        try {
            old.markTruncated(position);
            offsetIndex.truncateToPosition(position);
            old.channel().truncate(position);
        } finally {
            old.release();
        }
        release();
        hint = null;
        tail = null;
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
        HeaderWalk walk = new HeaderWalk(writable(), from, size);
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
    }

    /** Lets go of the file and of what is in memory, if nobody used it since the last call. */
    void releaseIfIdle() {
        if (used) {
            used = false;
        } else {
            release();
            offsetIndex.evict();
            timeIndex.evict();
        }
    }

    /** Gives up the file for good: who asks for it after this gets a {@link ClosedChannelException}. */
    synchronized void dispose() {
        disposed = true;
        release();
    }

    /** Gives up this segment's share of the file; it is opened again when it is needed. */
    synchronized void release() {
        SharedFile open = file;
        file = null;
        if (open != null) {
            open.release();
        }
    }
}
