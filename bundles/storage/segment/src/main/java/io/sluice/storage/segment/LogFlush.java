package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import io.sluice.storage.api.DiskFullException;
import io.sluice.storage.api.Durability;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a log's batches durable, and knows how far they are. One flush at a time; the syncs themselves hold no lock that an append or a
 * close would wait for.
 *
 * <p>A {@linkplain #sync() sync} is for those who wait: it makes batches durable and the names of their files. A {@linkplain #run() flush}
 * does the same for the indexes, so that recovery can begin where it ended.
 *
 * <p>An fsync that failed is never tried again: the system may have dropped what it could not write and call the next fsync a success.
 * The log has {@linkplain #failure() failed} then, until it is opened again. A write for which there was no room comes before the fsync and
 * is no such failure: it is tried again.
 */
final class LogFlush {
    private static final Logger LOG = LoggerFactory.getLogger(LogFlush.class);
    private static final long FLUSH_BYTES = 1L << 30;

    private final SegmentedLog log;
    private final Path folder;
    private final PublishedLog published;
    private final LogLocks locks;
    private final SnapshotFiles snapshots;
    private final Scheduler scheduler;
    private final ReentrantLock flushing = new ReentrantLock();

    private volatile long flushedOffset;
    private volatile long recoveryPoint;
    private volatile @Nullable String failure;
    private boolean asked;
    private boolean timed;
    private long unflushedBytes;
    private long flushingBytes;
    private long unflushedRecords;

    /** @param unsyncedBytes at most that many of what the log begins with have never been synced */
    LogFlush(
            SegmentedLog log,
            Path folder,
            PublishedLog published,
            LogLocks locks,
            SnapshotFiles snapshots,
            Scheduler scheduler,
            long flushedOffset,
            long unsyncedBytes) {
        this.log = log;
        this.folder = folder;
        this.published = published;
        this.locks = locks;
        this.snapshots = snapshots;
        this.scheduler = scheduler;
        this.flushedOffset = flushedOffset;
        this.recoveryPoint = flushedOffset;
        this.unflushedBytes = unsyncedBytes;
    }

    /** Why nothing can be made durable any more; null while it can. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Below it batches and indexes are safe. */
    long recoveryPoint() {
        return recoveryPoint;
    }

    /** What an fsync has made safe. */
    long flushedOffset() {
        return flushedOffset;
    }

    /** Whether there is something that a crash of the machine could take. */
    boolean isDirty() {
        return recoveryPoint < published.endOffset();
    }

    /** The bytes that an fsync would have to write, at most; after the close, those that it left. */
    long unflushedBytes() {
        return isDirty() ? unflushedBytes + flushingBytes : 0L;
    }

    /** For the writer: counts an append. True when it has to wait for a flush. */
    boolean count(int bytes, long records, LogConfig config) {
        unflushedBytes += bytes;
        unflushedRecords += records;
        if (unflushedBytes > FLUSH_BYTES && !asked) {
            asked = true;
            inBackground();
        }
        long everyMs = config.durability() == Durability.INTERVAL
                ? Math.min(config.flushMs(), config.durabilityIntervalMs())
                : config.flushMs();
        if (everyMs < SegmentEngine.CHECKPOINT_INTERVAL_MS && !timed) {
            timed = true;
            scheduler.schedule(everyMs, this::trySync);
        }
        return unflushedRecords >= config.flushMessages();
    }

    void inBackground() {
        scheduler.execute(this::tryRun);
    }

    /** The log was cut: nothing above its new end is safe any more. The caller holds both locks. */
    void cut(long endOffset) {
        flushedOffset = Math.min(flushedOffset, endOffset);
        recoveryPoint = Math.min(recoveryPoint, endOffset);
    }

    private void tryRun() {
        attempt(this::run);
    }

    private void trySync() {
        attempt(this::sync);
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private void attempt(Attempt flush) {
        try {
            if (!log.isClosed() && failure == null) {
                flush.run();
            }
        } catch (IOException e) {
            if (!log.isClosed()) {
                LOG.error("{} could not be flushed", log.partition(), e);
            }
        }
    }

    /** Makes durable what was appended up to now: the batches. */
    void sync() throws IOException {
        flush(false);
    }

    /** The same, and the indexes. */
    void run() throws IOException {
        flush(true);
    }

    private void flush(boolean indexes) throws IOException {
        flushing.lock();
        try {
            List<LogSegment> dirty = new ArrayList<>();
            List<SharedFile> open = new ArrayList<>();
            boolean done = false;
            try {
                int cuts = snapshots.cuts();
                long end = begin(dirty, open, indexes);
                if (!dirty.isEmpty()) {
                    force(dirty, open, indexes);
                    finish(end, cuts, indexes);
                }
                done = true;
            } finally {
                open.forEach(SharedFile::release);
                if (!done) {
                    dirty.forEach(LogSegment::cutIsUnsafe);
                }
            }
        } finally {
            flushing.unlock();
        }
    }

    private void force(List<LogSegment> dirty, List<SharedFile> open, boolean indexes) throws IOException {
        try {
            boolean named = true;
            for (SharedFile file : open) {
                file.channel().force(false);
            }
            for (LogSegment segment : dirty) {
                named &= !segment.transactions().sync();
                named &= segment.isNameSafe();
                if (indexes) {
                    segment.syncIndexes();
                }
            }
            if (!named || indexes) {
                TextFile.syncFolder(folder);
                dirty.forEach(LogSegment::nameIsSafe);
            }
        } catch (ClosedByInterruptException | NoSuchFileException e) {
            throw e; // a file that retention took meanwhile: nothing is known to be unsafe
        } catch (DiskFullException e) {
            throw e; // it came to no fsync: what is staged is where it was
        } catch (IOException e) {
            failure = "an fsync failed: " + e.getMessage();
            log.failed(failure);
            throw e;
        }
    }

    private long begin(List<LogSegment> dirty, List<SharedFile> open, boolean indexes) throws IOException {
        locks.background().lock();
        try {
            log.requireOpen();
            if (failure != null) {
                throw new IOException(failure);
            }
            long safe = indexes ? recoveryPoint : flushedOffset;
            long end;
            SegmentList list;
            locks.writing().lock();
            try {
                end = published.endOffset();
                list = published.segments();
                flushingBytes += unflushedBytes;
                unflushedBytes = 0L;
                unflushedRecords = 0L;
                asked = false;
                timed = false;
            } finally {
                locks.writing().unlock();
            }
            for (int i = 0; i < list.count(); i++) {
                LogSegment segment = list.get(i);
                if (segment.takeCut() || list.endOf(i, end) > safe) {
                    dirty.add(segment);
                    segment.file().settle();
                    if (indexes) {
                        segment.persistIndexes();
                    } else {
                        segment.transactions().persist();
                    }
                    open.add(segment.acquire());
                } else if (indexes && i + 1 < list.count()) {
                    // A segment that was flushed before it was sealed has an entry more since.
                    segment.persistIndexes();
                }
            }
            return end;
        } finally {
            locks.background().unlock();
        }
    }

    private void finish(long end, int cuts, boolean indexes) {
        locks.background().lock();
        try {
            if (log.isClosed() || cuts != snapshots.cuts()) {
                return;
            }
            flushedOffset = Math.max(flushedOffset, end);
            if (indexes) {
                recoveryPoint = Math.max(recoveryPoint, end);
            }
            flushingBytes = 0L;
        } finally {
            locks.background().unlock();
        }
    }
}
