package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.BatchVisitor;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.Maintenance;
import io.sluice.storage.api.SharedFile;
import io.sluice.storage.api.Snapshot;
import io.sluice.storage.api.TimestampOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's batches in segments. Readers take no lock: they use the published list of segments, the active one's published size and
 * the log's published end. Writers hold {@code writing}; whoever flushes, or takes files away, holds {@code background} before that; a
 * round of maintenance, which may take long, holds {@code maintaining} first of all.
 *
 * <p>An append publishes in this order: the end that is coming, the batches (the segment's size), the end. A reader that sees the same
 * value in both ends knows which offset the size belongs to.
 */
final class SegmentedLog implements LogStore {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentedLog.class);
    private static final long FLUSH_BYTES = 1L << 30;

    private final TopicIdPartition partition;
    private final Path folder;
    private final Time time;
    private final Scheduler scheduler;
    private final SegmentFiles files;
    private final SnapshotFiles snapshots;
    private final LeaderEpochFile epochs;
    private final PreparedSegment prepared;
    private final LogListener listener;
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock background = new ReentrantLock();
    private final ReentrantLock maintaining = new ReentrantLock();

    private volatile LogConfig config;
    private volatile SegmentList segments;
    private volatile long comingEnd;
    private volatile long logEndOffset;
    private volatile long logStartOffset;
    private volatile long flushedOffset;
    private volatile long flushedAtMs;
    private volatile boolean closed;
    private volatile boolean stopping;
    private volatile long cleanedOffset;
    private boolean rolled;
    private boolean tailDirty;
    private boolean flushAsked;
    private long unflushedBytes;
    private long unflushedRecords;

    /** What the engine wants to know of its logs. */
    interface LogListener {
        /** The log's start was set by a call, not by deletion: the checkpoint of log starts is to be written. */
        void startChanged(SegmentedLog log) throws IOException;

        /** The log was cut: no checkpoint may lie above {@link SegmentedLog#flushedOffset} any more. */
        void cut(SegmentedLog log) throws IOException;

        /** The log was compacted up to {@link SegmentedLog#cleanedOffset}. */
        void cleaned(SegmentedLog log) throws IOException;

        /** The log was closed; cleanly, if all that it has is durable and could be opened again as it is. */
        void closed(SegmentedLog log, boolean cleanly);
    }

    SegmentedLog(
            TopicIdPartition partition,
            Path folder,
            LogConfig config,
            LoadedLog loaded,
            Time time,
            Scheduler scheduler,
            LogListener listener) {
        this.partition = partition;
        this.folder = folder;
        this.config = config;
        this.time = time;
        this.scheduler = scheduler;
        this.listener = listener;
        this.files = new SegmentFiles(folder, scheduler);
        this.snapshots = loaded.snapshots();
        this.epochs = new LeaderEpochFile(folder);
        this.prepared = new PreparedSegment(folder, scheduler);
        this.segments = loaded.segments();
        this.logEndOffset = loaded.logEndOffset();
        this.comingEnd = logEndOffset;
        this.logStartOffset = loaded.logStartOffset();
        this.flushedOffset = loaded.recoveryPoint();
        this.flushedAtMs = time.milliseconds();
        this.cleanedOffset = loaded.cleanedOffset();
    }

    TopicIdPartition partition() {
        return partition;
    }

    SegmentList segments() {
        return segments;
    }

    /** Below it a compacted log has no superseded records. */
    long cleanedOffset() {
        return cleanedOffset;
    }

    List<Long> snapshotOffsets() {
        return snapshots.offsets();
    }

    @Override
    public long logStartOffset() {
        return logStartOffset;
    }

    @Override
    public long logEndOffset() {
        return logEndOffset;
    }

    @Override
    public long sizeInBytes() {
        return segments.sizeInBytes();
    }

    @Override
    public long flushedOffset() {
        return flushedOffset;
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(folder);
    }

    @Override
    public void append(ByteBuffer batches, long firstOffset, long lastOffset, long maxTimestamp, long offsetOfMax)
            throws IOException {
        LogConfig now = config;
        boolean flushNow;
        writing.lock();
        try {
            requireOpen();
            if (tailDirty) {
                segments.active().cutTail();
                tailDirty = false;
            }
            int bytes = batches.remaining();
            LogSegment active = segmentFor(bytes, firstOffset, lastOffset, maxTimestamp, now);
            try {
                active.write(batches);
            } catch (IOException e) {
                tailDirty = true;
                throw e;
            }
            comingEnd = lastOffset + 1L;
            active.publish(batches, maxTimestamp, offsetOfMax, now.indexIntervalBytes());
            logEndOffset = lastOffset + 1L;
            flushNow = countUnflushed(bytes, lastOffset - firstOffset + 1L, now);
            if (active.sizeInBytes() > now.segmentBytes() / 2) {
                prepared.order();
            }
        } finally {
            writing.unlock();
        }
        if (flushNow) {
            flush();
        }
    }

    private boolean countUnflushed(int bytes, long records, LogConfig now) {
        unflushedBytes += bytes;
        unflushedRecords += records;
        if (unflushedBytes > FLUSH_BYTES && !flushAsked) {
            flushAsked = true;
            scheduler.execute(this::flushInBackground);
        }
        return unflushedRecords >= now.flushMessages();
    }

    private LogSegment segmentFor(int bytes, long firstOffset, long lastOffset, long maxTimestamp, LogConfig now)
            throws IOException {
        LogSegment active = segments.active();
        active.prepareToAppend();
        if (active.sizeInBytes() == 0) {
            return active;
        }
        boolean full = active.isFull(bytes, now.segmentBytes(), now.segmentIndexBytes(), lastOffset);
        long oldest = now.cleanupCompact() ? Math.min(now.segmentMs(), now.maxCompactionLagMs()) : now.segmentMs();
        if (full || active.ageMs(time.milliseconds(), maxTimestamp) > oldest - jitterMs(active, now)) {
            return roll(firstOffset);
        }
        return active;
    }

    /** The same for a segment whenever it is asked, different from one partition to the next. */
    private long jitterMs(LogSegment active, LogConfig now) {
        long range = Math.min(now.segmentJitterMs(), now.segmentMs());
        return range <= 0L ? 0L : Long.remainderUnsigned(31L * partition.hashCode() + active.baseOffset(), range);
    }

    /** Begins a new segment at the log's end; what takes time follows in the background. */
    private LogSegment roll(long baseOffset) throws IOException {
        LogSegment old = segments.active();
        LogSegment next = prepared.take(baseOffset, time.milliseconds());
        old.sealTimeIndex();
        segments = segments.with(next);
        rolled = true;
        scheduler.execute(this::flushInBackground);
        return next;
    }

    @Override
    public boolean pollRolled() {
        boolean was = rolled;
        rolled = false;
        return was;
    }

    @Override
    public LogRead read(long offset, int maxBytes, long endOffset, boolean minOneBatch) throws IOException {
        while (true) {
            try {
                return tryRead(offset, maxBytes, endOffset, minOneBatch);
            } catch (ClosedChannelException e) {
                requireOpen();
            }
        }
    }

    private LogRead tryRead(long offset, int maxBytes, long endOffset, boolean minOneBatch) throws IOException {
        long end = logEndOffset;
        if (offset >= Math.min(end, endOffset)) {
            return LogRead.EMPTY;
        }
        SegmentList list = segments;
        for (int i = list.indexOf(offset); i < list.count(); i++) {
            LogSegment segment = list.get(i);
            if (segment.baseOffset() >= endOffset) {
                return LogRead.EMPTY;
            }
            boolean last = i + 1 == list.count();
            int limit = segment.sizeInBytes();
            long coming = comingEnd;
            long limitOffset =
                    last ? (coming == end ? end : -1L) : list.get(i + 1).baseOffset();
            if (last ? endOffset < coming : endOffset < limitOffset) {
                limit = segment.positionOf(endOffset, limit);
                limitOffset = -1L;
            }
            LogRead read = segment.read(offset, maxBytes, limit, limitOffset, minOneBatch);
            if (read != null) {
                return read;
            }
        }
        return LogRead.EMPTY;
    }

    @Override
    public void scan(long fromOffset, BatchVisitor visitor) throws IOException {
        long end = logEndOffset;
        SegmentList list = segments;
        for (int i = list.indexOf(fromOffset); i < list.count(); i++) {
            LogSegment segment = list.get(i);
            int limit = segment.sizeInBytes();
            int from = segment.positionOf(Math.max(fromOffset, segment.baseOffset()), limit);
            SharedFile open = segment.acquire();
            try {
                HeaderWalk walk = new HeaderWalk(open.channel(), from, limit);
                while (walk.next() && walk.baseOffset() < end) {
                    visitor.visit(walk.header(), walk.at());
                }
            } finally {
                open.release();
            }
        }
    }

    @Override
    public @Nullable TimestampOffset firstAtOrAfter(long timestampMs) throws IOException {
        return TimestampSearch.firstAtOrAfter(segments, timestampMs, logStartOffset);
    }

    @Override
    public @Nullable TimestampOffset latestTimestamp() throws IOException {
        return TimestampSearch.latest(segments, logStartOffset);
    }

    @Override
    public void truncateTo(long offset) throws IOException {
        stopMaintenance();
        background.lock();
        writing.lock();
        try {
            requireOpen();
            if (offset >= logEndOffset) {
                return;
            }
            if (offset <= logStartOffset) {
                restart(offset);
                return;
            }
            SegmentList list = segments;
            int keep = list.indexOf(offset);
            List<LogSegment> removed = list.all().subList(keep + 1, list.count());
            LogSegment last = list.get(keep);
            int position = last.positionOf(offset, last.sizeInBytes());
            long end = endAt(last, position, offset);
            if (end < logStartOffset) {
                restart(logStartOffset);
                return;
            }
            segments = list.without(removed);
            comingEnd = end;
            logEndOffset = end;
            last.truncateTo(position);
            last.restoreTimestamps(end);
            for (LogSegment segment : removed) {
                files.delete(segment, config.fileDeleteDelayMs());
            }
            cut(end);
        } finally {
            writing.unlock();
            background.unlock();
            maintaining.unlock();
        }
    }

    /** Waits until no round of maintenance is under way, which a compaction ends early for; holds {@code maintaining} then. */
    private void stopMaintenance() {
        stopping = true;
        maintaining.lock();
        stopping = false;
    }

    /** Where the log ends when it is cut before this batch: at the batch's start, if the offset lies within it. */
    private static long endAt(LogSegment segment, int position, long offset) throws IOException {
        if (position >= segment.sizeInBytes()) {
            return offset;
        }
        SharedFile open = segment.acquire();
        try {
            HeaderWalk walk = new HeaderWalk(open.channel(), position, segment.sizeInBytes());
            walk.next();
            return Math.min(offset, walk.baseOffset());
        } finally {
            open.release();
        }
    }

    @Override
    public void truncateFullyAndStartAt(long offset) throws IOException {
        stopMaintenance();
        background.lock();
        writing.lock();
        try {
            requireOpen();
            restart(offset);
        } finally {
            writing.unlock();
            background.unlock();
            maintaining.unlock();
        }
    }

    private void restart(long offset) throws IOException {
        List<LogSegment> removed = segments.all();
        logStartOffset = offset;
        comingEnd = offset;
        for (LogSegment segment : removed) {
            files.delete(segment, config.fileDeleteDelayMs());
        }
        segments = new SegmentList(List.of(LogSegment.create(folder, offset, time.milliseconds())));
        logEndOffset = offset;
        snapshots.deleteBelow(Long.MAX_VALUE);
        cut(offset);
    }

    private void cut(long end) throws IOException {
        tailDirty = false;
        flushedOffset = Math.min(flushedOffset, end);
        cleanedOffset = Math.min(cleanedOffset, end);
        snapshots.deleteAbove(end);
        listener.cut(this);
    }

    @Override
    public void advanceLogStart(long offset) throws IOException {
        if (offset > logEndOffset) {
            throw new IllegalArgumentException("log start " + offset + " above the log's end " + logEndOffset);
        }
        if (offset > logStartOffset) {
            logStartOffset = offset;
            listener.startChanged(this);
        }
    }

    @Override
    public void flush() throws IOException {
        background.lock();
        try {
            requireOpen();
            flushSegments();
        } finally {
            background.unlock();
        }
    }

    private void flushInBackground() {
        if (closed) {
            return;
        }
        background.lock();
        try {
            if (!closed) {
                flushSegments();
            }
        } catch (IOException e) {
            LOG.warn("{} could not be flushed; it is tried again", partition, e);
        } finally {
            background.unlock();
        }
    }

    /** Makes durable what was appended up to now; the caller holds {@code background}. */
    private void flushSegments() throws IOException {
        long end;
        SegmentList list;
        writing.lock();
        try {
            end = logEndOffset;
            list = segments;
            unflushedBytes = 0L;
            unflushedRecords = 0L;
            flushAsked = false;
        } finally {
            writing.unlock();
        }
        flushedAtMs = time.milliseconds();
        long from = flushedOffset;
        for (int i = 0; i + 1 < list.count(); i++) {
            // A segment that was flushed before it was sealed has an entry more since.
            list.get(i).persistIndexes();
        }
        if (from >= end) {
            return;
        }
        for (int i = list.indexOf(from); i < list.count(); i++) {
            if (list.endOf(i, end) > from) {
                list.get(i).flush();
            }
        }
        if (list.active().baseOffset() >= from) {
            TextFile.syncFolder(folder);
        }
        flushedOffset = end;
    }

    /** Whether there is something that a crash of the machine could take. */
    boolean isDirty() {
        return flushedOffset < logEndOffset;
    }

    @Override
    public void reconfigure(LogConfig next) {
        config = next;
    }

    @Override
    public Maintenance maintain(long highWatermark) throws IOException {
        maintaining.lock();
        try {
            LogConfig now = config;
            long deleted = doHousekeeping(highWatermark, now);
            long compacted = now.cleanupCompact() ? compact(highWatermark, now) : 0L;
            return deleted == 0L && compacted == 0L ? Maintenance.NONE : new Maintenance(deleted, compacted);
        } finally {
            maintaining.unlock();
        }
    }

    private long doHousekeeping(long highWatermark, LogConfig now) throws IOException {
        background.lock();
        try {
            requireOpen();
            long deleted = deleteOld(highWatermark, now);
            if (isDirty() && time.milliseconds() - flushedAtMs >= now.flushMs()) {
                flushSegments();
            }
            releaseIdle();
            return deleted;
        } finally {
            background.unlock();
        }
    }

    private long compact(long highWatermark, LogConfig now) throws IOException {
        SegmentList list = segments;
        LogCleaner cleaner = new LogCleaner(folder, now, time.milliseconds(), () -> stopping);
        long firstDirty = Math.max(cleanedOffset, logStartOffset);
        long end = cleaner.cleanableEnd(list, firstDirty, highWatermark);
        if (!cleaner.isDue(list, firstDirty, end)) {
            return 0L;
        }
        long before = list.sizeInBytes();
        cleanedOffset = cleaner.clean(list, firstDirty, end, this::replace);
        listener.cleaned(this);
        SegmentList after = segments;
        long tail = after.sizeInBytes() - before;
        return Math.max(0L, -tail);
    }

    /** Puts a compacted segment in its predecessors' place. */
    private void replace(List<LogSegment> old, LogSegment rewritten) throws IOException {
        background.lock();
        try {
            writing.lock();
            try {
                segments = segments.replacing(old, rewritten);
            } finally {
                writing.unlock();
            }
            for (LogSegment segment : old) {
                files.delete(segment, config.fileDeleteDelayMs());
            }
            rewritten.settle();
            rewritten.persistIndexes();
        } finally {
            background.unlock();
        }
    }

    private long deleteOld(long highWatermark, LogConfig now) throws IOException {
        Retention retention = new Retention(now, time.milliseconds());
        if (retention.expires(segments.active())) {
            rollExpired(highWatermark);
        }
        List<LogSegment> doomed = retention.deletable(segments, logStartOffset, highWatermark);
        if (doomed.isEmpty()) {
            return 0L;
        }
        long bytes = 0L;
        writing.lock();
        try {
            segments = segments.without(doomed);
            logStartOffset = Math.max(logStartOffset, segments.first().baseOffset());
        } finally {
            writing.unlock();
        }
        for (LogSegment segment : doomed) {
            bytes += segment.sizeInBytes();
            files.delete(segment, now.fileDeleteDelayMs());
        }
        snapshots.deleteBelow(segments.first().baseOffset());
        return bytes;
    }

    /** The active segment has nothing but old records: a new one takes its place, so that it can go. */
    private void rollExpired(long highWatermark) throws IOException {
        writing.lock();
        try {
            if (segments.active().sizeInBytes() > 0 && highWatermark >= logEndOffset) {
                roll(logEndOffset);
            }
        } finally {
            writing.unlock();
        }
    }

    private void releaseIdle() {
        SegmentList list = segments;
        for (LogSegment segment : list.all()) {
            writing.lock();
            try {
                segment.releaseIfIdle();
            } finally {
                writing.unlock();
            }
        }
    }

    @Override
    public void writeSnapshot(long offset, ByteBuffer state) throws IOException {
        snapshots.write(offset, state, segments);
    }

    @Override
    public void writeSnapshotSoon(long offset, ByteBuffer state) {
        int cuts = snapshots.cuts();
        scheduler.execute(() -> {
            try {
                if (!closed) {
                    snapshots.writeUnlessCut(cuts, offset, state, segments);
                }
            } catch (IOException e) {
                LOG.warn(
                        "the producers of {} could not be written; a crash leaves more to be read again", partition, e);
            }
        });
    }

    @Override
    public List<Snapshot> snapshots(long maxOffset) {
        return snapshots.upTo(maxOffset);
    }

    @Override
    public void writeLeaderEpochs(List<EpochEntry> entries) throws IOException {
        epochs.write(entries);
    }

    @Override
    public List<EpochEntry> readLeaderEpochs() throws IOException {
        return epochs.read();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the log of " + partition + " is closed");
        }
    }

    @Override
    public void close() throws IOException {
        stopMaintenance();
        background.lock();
        try {
            if (closed) {
                return;
            }
            closeDurably();
        } finally {
            background.unlock();
            maintaining.unlock();
        }
    }

    private void closeDurably() throws IOException {
        writing.lock();
        try {
            if (tailDirty) {
                segments.active().cutTail();
                tailDirty = false;
            }
            segments.active().sealTimeIndex();
        } finally {
            writing.unlock();
        }
        boolean cleanly = false;
        try {
            flushSegments();
            segments.active().settle();
            segments.active().persistIndexes();
            cleanly = true;
        } finally {
            closed = true;
            prepared.close();
            for (LogSegment segment : segments.all()) {
                segment.dispose();
            }
            listener.closed(this, cleanly);
        }
    }
}
