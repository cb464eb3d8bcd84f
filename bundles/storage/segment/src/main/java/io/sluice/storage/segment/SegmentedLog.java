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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's batches in segments. Readers take no lock: see {@link PublishedLog}. Who writes holds {@code writing}; who flushes or takes
 * files away holds {@code background} before that; a round of {@link LogMaintenance} comes before both.
 */
final class SegmentedLog implements LogStore {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentedLog.class);

    private final TopicIdPartition partition;
    private final Path folder;
    private final Time time;
    private final Scheduler scheduler;
    private final SegmentFiles files;
    private final SnapshotFiles snapshots;
    private final LeaderEpochFile epochs;
    private final PreparedSegment prepared;
    private final LogListener listener;
    private final LogLocks locks = new LogLocks();
    private final PublishedLog published;
    private final LogFlush flush;
    private final LogMaintenance maintenance;

    private volatile LogConfig config;
    private volatile boolean closed;
    private boolean rolled;
    private boolean tailDirty;

    /** What the engine wants to know of its logs. */
    interface LogListener {
        /** The log's start was set by a call, not by deletion: the checkpoint of log starts is to be written. */
        void startChanged(SegmentedLog log) throws IOException;

        /** The log was cut: no checkpoint may lie above {@link SegmentedLog#flushedOffset} any more. */
        void cut(SegmentedLog log) throws IOException;

        /** The log was compacted up to {@link SegmentedLog#cleanedOffset}. */
        void cleaned(SegmentedLog log) throws IOException;

        /** The log was closed; cleanly, if it could be opened again as it is. */
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
        this.published = new PublishedLog(loaded.segments(), loaded.logStartOffset(), loaded.logEndOffset());
        this.flush = new LogFlush(
                this, folder, published, locks, snapshots, scheduler, loaded.recoveryPoint(), unsynced(loaded));
        this.maintenance = new LogMaintenance(this, published, locks, files, snapshots, folder, loaded.cleanedOffset());
    }

    /** At most that many bytes of what was found have never been synced. */
    private static long unsynced(LoadedLog loaded) {
        long bytes = 0L;
        SegmentList list = loaded.segments();
        for (int i = 0; i < list.count(); i++) {
            boolean whole = list.endOf(i, loaded.logEndOffset()) > loaded.recoveryPoint();
            bytes += whole ? list.get(i).sizeInBytes() : 0L;
        }
        return bytes;
    }

    /** How far it is durable. */
    LogFlush durability() {
        return flush;
    }

    TopicIdPartition partition() {
        return partition;
    }

    SegmentList segments() {
        return published.segments();
    }

    /** Below it a compacted log has no superseded records. */
    long cleanedOffset() {
        return maintenance.cleanedOffset();
    }

    List<Long> snapshotOffsets() {
        return snapshots.offsets();
    }

    @Override
    public long logStartOffset() {
        return published.startOffset();
    }

    @Override
    public long logEndOffset() {
        return published.endOffset();
    }

    @Override
    public long sizeInBytes() {
        return published.segments().sizeInBytes();
    }

    @Override
    public long flushedOffset() {
        return flush.flushedOffset();
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
        locks.writing().lock();
        try {
            requireOpen();
            if (tailDirty) {
                published.segments().active().cutTail();
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
            published.announceEnd(lastOffset + 1L);
            active.publish(batches, maxTimestamp, offsetOfMax, now.indexIntervalBytes());
            published.setEndOffset(lastOffset + 1L);
            flushNow = flush.count(bytes, lastOffset - firstOffset + 1L, now);
            if (active.sizeInBytes() > now.segmentBytes() / 2) {
                prepared.order();
            }
        } finally {
            locks.writing().unlock();
        }
        if (flushNow) {
            flush();
        }
    }

    private LogSegment segmentFor(int bytes, long firstOffset, long lastOffset, long maxTimestamp, LogConfig now)
            throws IOException {
        LogSegment active = published.segments().active();
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
        LogSegment old = published.segments().active();
        LogSegment next = prepared.take(baseOffset, time.milliseconds());
        old.sealTimeIndex();
        published.setSegments(published.segments().with(next));
        rolled = true;
        flush.inBackground();
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
                return published.read(offset, maxBytes, endOffset, minOneBatch);
            } catch (ClosedChannelException e) {
                requireOpen();
            }
        }
    }

    @Override
    public void scan(long fromOffset, BatchVisitor visitor) throws IOException {
        published.scan(fromOffset, visitor);
    }

    @Override
    public @Nullable TimestampOffset firstAtOrAfter(long timestampMs) throws IOException {
        return published.firstAtOrAfter(timestampMs);
    }

    @Override
    public @Nullable TimestampOffset latestTimestamp() throws IOException {
        return published.latestTimestamp();
    }

    @Override
    public void truncateTo(long offset) throws IOException {
        maintenance.stop();
        locks.lockAll();
        try {
            requireOpen();
            long start = published.startOffset();
            if (offset >= published.endOffset()) {
                return;
            }
            if (offset <= start) {
                restart(offset);
                return;
            }
            SegmentList list = published.segments();
            int keep = list.indexOf(offset);
            List<LogSegment> removed = list.all().subList(keep + 1, list.count());
            LogSegment last = list.get(keep);
            int position = last.positionOf(offset, last.sizeInBytes());
            long end = endAt(last, position, offset);
            if (end < start) {
                restart(start);
                return;
            }
            published.setSegments(list.without(removed));
            published.setEndOffset(end);
            last.truncateTo(position);
            last.restoreTimestamps(end);
            for (LogSegment segment : removed) {
                files.delete(segment, config.fileDeleteDelayMs());
            }
            cut(end);
        } finally {
            locks.unlockAll();
            maintenance.resume();
        }
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
        maintenance.stop();
        locks.lockAll();
        try {
            requireOpen();
            restart(offset);
        } finally {
            locks.unlockAll();
            maintenance.resume();
        }
    }

    private void restart(long offset) throws IOException {
        List<LogSegment> removed = published.segments().all();
        published.setStartOffset(offset);
        for (LogSegment segment : removed) {
            files.delete(segment, config.fileDeleteDelayMs());
        }
        published.setSegments(new SegmentList(List.of(LogSegment.create(folder, offset, time.milliseconds()))));
        published.setEndOffset(offset);
        snapshots.deleteBelow(Long.MAX_VALUE);
        cut(offset);
    }

    private void cut(long end) throws IOException {
        tailDirty = false;
        flush.cut(end);
        maintenance.cut(end);
        snapshots.deleteAbove(end);
        listener.cut(this);
    }

    @Override
    public void advanceLogStart(long offset) throws IOException {
        if (offset > published.endOffset()) {
            throw new IllegalArgumentException("log start " + offset + " above the log's end " + published.endOffset());
        }
        if (offset > published.startOffset()) {
            published.setStartOffset(offset);
            listener.startChanged(this);
        }
    }

    @Override
    public void flush() throws IOException {
        requireOpen();
        flush.run();
    }

    /** As it stands. */
    LogConfig config() {
        return config;
    }

    @Override
    public void reconfigure(LogConfig next) {
        config = next;
    }

    @Override
    public Maintenance maintain(long highWatermark) throws IOException {
        return maintenance.run(highWatermark, config, time.milliseconds());
    }

    /** Begins a new segment, so that the active one can go, if all of it is committed. */
    void rollIfCommitted(long highWatermark) throws IOException {
        locks.writing().lock();
        try {
            long end = published.endOffset();
            if (published.segments().active().sizeInBytes() > 0 && highWatermark >= end) {
                roll(end);
            }
        } finally {
            locks.writing().unlock();
        }
    }

    void noteCleaned() throws IOException {
        listener.cleaned(this);
    }

    @Override
    public void writeSnapshot(long offset, ByteBuffer state) throws IOException {
        snapshots.write(offset, state, published.segments());
    }

    @Override
    public void writeSnapshotSoon(long offset, ByteBuffer state) {
        int cuts = snapshots.cuts();
        scheduler.execute(() -> {
            try {
                if (!closed) {
                    // So that a kill leaves no more than this to be walked over again.
                    published.segments().active().persistIndexes();
                    snapshots.writeUnlessCut(cuts, offset, state, published.segments());
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

    boolean isClosed() {
        return closed;
    }

    void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the log of " + partition + " is closed");
        }
    }

    @Override
    public void close() throws IOException {
        maintenance.stop();
        locks.background().lock();
        try {
            if (closed) {
                return;
            }
            closeFiles();
        } finally {
            locks.background().unlock();
            maintenance.resume();
        }
    }

    /** Syncs nothing: the engine does, as far as there is time. */
    private void closeFiles() throws IOException {
        locks.writing().lock();
        try {
            if (tailDirty) {
                published.segments().active().cutTail();
                tailDirty = false;
            }
            published.segments().active().sealTimeIndex();
        } finally {
            locks.writing().unlock();
        }
        boolean cleanly = false;
        try {
            for (LogSegment segment : published.segments().all()) {
                segment.settle();
                segment.persistIndexes();
            }
            cleanly = true;
        } finally {
            closed = true;
            prepared.close();
            for (LogSegment segment : published.segments().all()) {
                segment.dispose();
            }
            listener.closed(this, cleanly);
        }
    }
}
