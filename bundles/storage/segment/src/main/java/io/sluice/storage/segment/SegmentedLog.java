package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.BatchVisitor;
import io.sluice.storage.api.DiskFullException;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDamage;
import io.sluice.storage.api.LogFinding;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.Maintenance;
import io.sluice.storage.api.MaintenanceScope;
import io.sluice.storage.api.Snapshot;
import io.sluice.storage.api.TimestampOffset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
    private final LogListener listener;
    private final LogLocks locks = new LogLocks();
    private final PublishedLog published;
    private final LogFlush flush;
    private final LogTail tail;
    private final LogMaintenance maintenance;
    private final LogMend mend;
    private final LogTruncation truncation;

    private volatile LogConfig config;
    private volatile boolean closed;
    private volatile boolean hurried;

    SegmentedLog(
            TopicIdPartition partition,
            Path folder,
            LogConfig config,
            LoadedLog loaded,
            SegmentStaging staging,
            Time time,
            Scheduler scheduler,
            Cleaners cleaners,
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
        this.published =
                new PublishedLog(loaded.segments(), loaded.logStartOffset(), loaded.logEndOffset(), listener::opening);
        this.flush = new LogFlush(
                this, folder, published, locks, snapshots, scheduler, loaded.recoveryPoint(), loaded.unsyncedBytes());
        this.tail = new LogTail(partition, folder, published, flush, staging, time, scheduler);
        this.mend = new LogMend(this, tail, published, locks, folder, loaded.damage());
        this.maintenance =
                new LogMaintenance(this, published, locks, files, snapshots, folder, cleaners, loaded.cleanedOffset());
        this.truncation = new LogTruncation(this, folder, time, published, files, snapshots, tail);
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
            requireSound();
            mend.requireWhole();
            tail.cut();
            int bytes = batches.remaining();
            try {
                tail.append(batches, firstOffset, lastOffset, maxTimestamp, offsetOfMax, now);
            } catch (IOException e) {
                if (!DiskFullException.isMeantBy(e) && !(e instanceof NoBatchException)) {
                    listener.failed(this, e);
                }
                throw e;
            }
            flushNow = flush.count(bytes, lastOffset - firstOffset + 1L, now);
        } finally {
            locks.writing().unlock();
        }
        if (flushNow) {
            flush();
        }
    }

    @Override
    public boolean pollRolled() {
        return tail.pollRolled();
    }

    @Override
    public LogRead read(long offset, int maxBytes, long endOffset, boolean minOneBatch) throws IOException {
        return mend.call(() -> published.read(offset, maxBytes, mend.limit(offset, endOffset), minOneBatch));
    }

    @Override
    public List<LogDamage> damage() {
        return mend.damage();
    }

    @Override
    public String locate(long offset) {
        SegmentList list = published.segments();
        return list.get(list.indexOf(offset)).path().toString();
    }

    @Override
    public void check(Consumer<LogFinding> findings) throws IOException {
        SegmentList list = published.segments();
        for (int i = 0; i < list.count(); i++) {
            SegmentCheck.run(list, i, published::segments, findings);
        }
    }

    @Override
    public long compactedOffset() {
        return config.cleanupCompact() ? Long.MAX_VALUE : maintenance.cleanedOffset();
    }

    @Override
    public boolean isWarm(long offset, int maxBytes) {
        return published.isWarm(offset, maxBytes);
    }

    @Override
    public boolean warm(long offset, int maxBytes) throws IOException {
        return mend.call(() -> published.warm(offset, maxBytes, time));
    }

    @Override
    public void scan(long fromOffset, BatchVisitor visitor) throws IOException {
        long[] next = {fromOffset};
        mend.call(() -> {
            published.scan(next[0], (header, at) -> {
                visitor.visit(header, at);
                next[0] = BatchHeader.lastOffset(header, at) + 1L;
            });
            return next;
        });
    }

    @Override
    public @Nullable TimestampOffset firstAtOrAfter(long timestampMs) throws IOException {
        return mend.call(() -> Optional.ofNullable(published.firstAtOrAfter(timestampMs)))
                .orElse(null);
    }

    @Override
    public @Nullable TimestampOffset latestTimestamp() throws IOException {
        return mend.call(() -> Optional.ofNullable(published.latestTimestamp())).orElse(null);
    }

    @Override
    public void truncateTo(long offset) throws IOException {
        maintenance.stop();
        locks.lockAll();
        try {
            requireOpen();
            truncation.to(offset);
        } finally {
            locks.unlockAll();
            maintenance.resume();
        }
    }

    @Override
    public void truncateFullyAndStartAt(long offset) throws IOException {
        maintenance.stop();
        locks.lockAll();
        try {
            requireOpen();
            truncation.restartAt(offset);
        } finally {
            locks.unlockAll();
            maintenance.resume();
        }
    }

    /** For who empties it: what was damaged goes with the rest. */
    void startsAnew() throws IOException {
        mend.cutAt(0L);
    }

    /** For who cuts it, after that. */
    void wasCut(long end) throws IOException {
        flush.cut(end);
        maintenance.cut(end);
        snapshots.deleteAbove(end);
        mend.cutAt(end);
        listener.cut(this);
    }

    @Override
    public void advanceLogStart(long offset) throws IOException {
        if (offset > published.endOffset()) {
            throw new IllegalArgumentException("log start " + offset + " above the log's end " + published.endOffset());
        }
        if (offset > published.startOffset()) {
            published.setStartOffset(offset);
            startsAt(offset);
            try {
                listener.startChanged(this);
            } catch (IOException e) {
                if (!DiskFullException.isMeantBy(e)) {
                    throw e;
                }
                maintenance.deleteBelowStart(config, time.milliseconds());
                listener.startChanged(this);
            }
        }
    }

    /** How many of its files are open. */
    int openFiles() {
        return published.segments().openFiles();
    }

    /** See {@link LogMaintenance#releaseIfFree}. */
    void releaseIdle() throws IOException {
        maintenance.releaseIfFree();
    }

    /** No maintenance is under way from now on, until {@link #resume}. */
    void quiesce() {
        maintenance.stop();
    }

    void resume() {
        maintenance.resume();
    }

    /** The log's start was raised. */
    void startsAt(long offset) throws IOException {
        mend.startAt(offset);
    }

    @Override
    public void flush() throws IOException {
        requireOpen();
        flush.sync();
    }

    @Override
    public @Nullable String failure() {
        String own = flush.failure();
        return own != null ? own : listener.failure(this);
    }

    /** Something failed after which what lies on the disk is not known. */
    void failed(String reason) {
        LOG.error("{} cannot be written any more: {}", partition, reason);
        listener.failed(this, reason);
    }

    @Override
    public void hurry(boolean spaceIsShort) {
        hurried = spaceIsShort;
    }

    /** How long the files of what was deleted stay for readers. */
    long deleteDelayMs() {
        return hurried ? 0L : config.fileDeleteDelayMs();
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
        return maintain(MaintenanceScope.below(highWatermark));
    }

    @Override
    public Maintenance maintain(MaintenanceScope scope) throws IOException {
        return maintenance.run(scope, config, time.milliseconds());
    }

    /** Begins a new segment, so that the active one can go, if all of it is committed. */
    void rollIfCommitted(long highWatermark) throws IOException {
        locks.writing().lock();
        try {
            long end = published.endOffset();
            if (published.segments().active().sizeInBytes() > 0 && highWatermark >= end) {
                tail.roll(end);
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
        published.persistTransactions();
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
                    published.persistTransactions();
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
    public void appendAborted(AbortedTransaction transaction) throws IOException {
        requireOpen();
        published.segmentOf(transaction.lastOffset()).transactions().append(transaction);
    }

    @Override
    public @Nullable List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) throws IOException {
        return published.abortedTransactions(fromOffset, toOffset);
    }

    @Override
    public void restoreAborted(List<AbortedTransaction> all) throws IOException {
        requireOpen();
        published.restoreAborted(all);
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

    private void requireSound() throws IOException {
        String failure = failure();
        if (failure != null) {
            throw new IOException("the log of " + partition + " cannot be written: " + failure);
        }
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
            if (failure() == null) {
                tail.cut();
            }
            tail.seal();
        } finally {
            locks.writing().unlock();
        }
        boolean cleanly = false;
        try {
            for (LogSegment segment : published.segments().all()) {
                segment.file().settle();
                segment.file().finishStaging();
                segment.persistIndexes();
            }
            cleanly = failure() == null;
        } finally {
            closed = true;
            tail.close();
            for (LogSegment segment : published.segments().all()) {
                segment.file().leaveStaged();
                segment.file().dispose();
            }
            listener.closed(this, cleanly && mend.damage().isEmpty());
        }
    }
}
