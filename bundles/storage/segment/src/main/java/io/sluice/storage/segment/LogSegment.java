package io.sluice.storage.segment;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.SharedFile;
import io.sluice.storage.api.StagedChannel;
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
    private final TransactionIndex transactions;
    private final long createdMs;

    private volatile @Nullable SharedFile file;
    private volatile @Nullable Path prepared;
    private volatile @Nullable SegmentStaging staging;
    private volatile int size;
    private volatile Holes holes = Holes.NONE;
    private volatile @Nullable TailPositions tail;
    private volatile @Nullable ReadHint hint;
    private volatile boolean used;
    private volatile @Nullable Runnable onOpening;
    private volatile boolean nameSafe;
    private volatile boolean cut;
    private boolean disposed;
    private boolean preallocated;

    private volatile long maxTimestamp = -1L;
    private volatile long offsetOfMaxTimestamp = -1L;
    private volatile long firstTimestamp = -1L;
    private int sinceIndexEntry;

    /** Where a reader stopped, and so will go on; an offset of -1 is not known. */
    private record ReadHint(long offset, int position) {}

    private LogSegment(
            Path folder,
            long baseOffset,
            OffsetIndex offsets,
            TimeIndex times,
            TransactionIndex transactions,
            long createdMs) {
        this.folder = folder;
        this.baseOffset = baseOffset;
        this.offsetIndex = offsets;
        this.timeIndex = times;
        this.transactions = transactions;
        this.createdMs = createdMs;
    }

    /** A segment without batches, whose file is made when it is first opened. */
    static LogSegment create(Path folder, long baseOffset, long nowMs) {
        return new LogSegment(
                folder,
                baseOffset,
                OffsetIndex.empty(LogFileNames.file(folder, baseOffset, LogFileNames.INDEX), baseOffset),
                TimeIndex.empty(LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX), baseOffset),
                TransactionIndex.empty(LogFileNames.file(folder, baseOffset, LogFileNames.TXN_INDEX), baseOffset),
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
            Runnable counter = onOpening;
            if (counter != null) {
                counter.run();
            }
            Path from = prepared != null ? prepared : path();
            FileChannel channel = FileChannel.open(
                    from, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            SegmentStaging staged = staging;
            open = new SharedFile(staged == null ? channel : staged.over(channel, baseOffset));
            file = open;
            enableStaging();
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
            enableStaging();
        }
    }

    private void enableStaging() {
        StagedChannel staged = staged();
        if (staged != null && prepared == null) {
            staged.enable(path());
        }
    }

    private @Nullable StagedChannel staged() {
        SharedFile open = file;
        return open != null && open.channel() instanceof StagedChannel staged ? staged : null;
    }

    /** For the writer: the segment is the active one from now on, and its newest bytes may wait in memory. */
    synchronized void stageWith(SegmentStaging way) {
        staging = way;
        SharedFile open = file;
        if (open != null && prepared == null) {
            file = null; // opened again, with the memory before it
            open.release();
        }
    }

    /** Everything that was written is in the file after this, and what is written later goes there at once. */
    void finishStaging() throws IOException {
        StagedChannel staged = staged();
        if (staged != null) {
            staged.finish();
        }
    }

    /** What could not be written to the file is left for who opens the log next. */
    void leaveStaged() {
        StagedChannel staged = staged();
        if (staged != null) {
            staged.drop(false);
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
            HeaderWalk walk = walk(writable(), 0, size);
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
        SharedFile open = file;
        if (open == null) {
            open = openFile();
        }
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
            release();
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
        Hole lost = holes.containing(offset);
        if (lost != null) {
            return Math.min(limit, lost.position());
        }
        int from = offset <= baseOffset ? 0 : offsetIndex.floorOfOffset(offset);
        HeaderWalk walk = walk(channel, from, limit);
        if (from > 0 && walk.next()) {
            if (walk.baseOffset() < baseOffset || walk.baseOffset() > offset) {
                throw new NoBatchException(baseOffset, "the index of " + path() + " leads past offset " + offset);
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
        SharedFile open = acquire();
        boolean given = false;
        try {
            long firstOffset = offset;
            if (start < 0) {
                start = search(open.channel(), offset, limit);
                if (start < limit) {
                    HeaderWalk first = walk(open.channel(), start, limit);
                    first.next();
                    firstOffset = first.baseOffset();
                }
            }
            if (start >= limit) {
                return null;
            }
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

    /** The file, if it is open; whoever uses more than its recency has to {@link #acquire} it. */
    @Nullable
    SharedFile ifOpen() {
        return file;
    }

    /** Where a read of this offset begins to look into the file, as far as that is in memory; else -1. */
    int startInMemory(long offset) {
        int known = knownPositionOf(offset, size);
        if (known >= 0 || offset <= baseOffset) {
            return Math.max(0, known);
        }
        return offsetIndex.isResident() ? offsetIndex.residentFloorOfOffset(offset) : -1;
    }

    /** The end of the last whole batch that fits. */
    private ReadHint endOfRead(
            FileChannel channel, int start, int maxBytes, int limit, long limitOffset, boolean minOneBatch)
            throws IOException {
        if (limit - start <= maxBytes) {
            return new ReadHint(limitOffset, limit);
        }
        int from = Math.max(start, offsetIndex.floorOfPosition(start + Math.max(0, maxBytes)));
        HeaderWalk walk = walk(channel, from, limit);
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
                throw new IOException("segment " + path() + " ends below " + (position + length));
            }
        }
        return copy.flip();
    }

    /** One whole batch in a heap buffer. */
    ByteBuffer load(FileChannel channel, HeaderWalk batch) throws IOException {
        return copy(channel, batch.position(), batch.sizeInBytes());
    }

    /** Gives the file its full size before the first batch; what is behind the last one is cut off when no more come. */
    void preallocate(long bytes) throws IOException {
        if (!preallocated && size == 0 && bytes > 0L) {
            preallocated = true;
            writable().write(ByteBuffer.allocate(1), bytes - 1L);
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
            cut = true;
        } finally {
            old.release();
        }
        release();
        hint = null;
        tail = null;
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
        HeaderWalk walk = walk(writable(), from, size);
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

    /** From now on its openings are counted by this. */
    void countOpenings(Runnable counter) {
        onOpening = counter;
    }

    boolean isOpen() {
        return file != null;
    }

    /** Lets go of the file and of what is in memory, if nobody used it since the last call. */
    void releaseIfIdle() throws IOException {
        if (used) {
            used = false;
        } else {
            finishStaging();
            release();
            offsetIndex.evict();
            timeIndex.evict();
            transactions.evict();
        }
    }

    /**
     * Gives up the file for good: who asks for it after this gets a {@link ClosedChannelException}. What waits in memory is given up, too.
     */
    synchronized void dispose() {
        disposed = true;
        StagedChannel staged = staged();
        if (staged != null) {
            staged.drop(true);
        }
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
