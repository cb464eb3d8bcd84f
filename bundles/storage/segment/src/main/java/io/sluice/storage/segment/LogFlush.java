package io.sluice.storage.segment;

import io.sluice.base.Scheduler;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a log's batches durable, and knows how far they are. One flush at a time; the syncs themselves hold no lock that an append or a
 * close would wait for.
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
        this.unflushedBytes = unsyncedBytes;
    }

    /** What an fsync has made safe. */
    long flushedOffset() {
        return flushedOffset;
    }

    /** Whether there is something that a crash of the machine could take. */
    boolean isDirty() {
        return flushedOffset < published.endOffset();
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
        if (config.flushMs() < SegmentEngine.CHECKPOINT_INTERVAL_MS && !timed) {
            timed = true;
            scheduler.schedule(config.flushMs(), this::tryRun);
        }
        return unflushedRecords >= config.flushMessages();
    }

    void inBackground() {
        scheduler.execute(this::tryRun);
    }

    /** The log was cut: nothing above its new end is safe any more. The caller holds both locks. */
    void cut(long endOffset) {
        flushedOffset = Math.min(flushedOffset, endOffset);
    }

    private void tryRun() {
        try {
            if (!log.isClosed()) {
                run();
            }
        } catch (IOException e) {
            if (!log.isClosed()) {
                LOG.warn("{} could not be flushed; it is tried again", log.partition(), e);
            }
        }
    }

    /** Makes durable what was appended up to now. */
    void run() throws IOException {
        flushing.lock();
        try {
            List<LogSegment> dirty = new ArrayList<>();
            List<SharedFile> open = new ArrayList<>();
            try {
                int cuts = snapshots.cuts();
                long end = begin(dirty, open);
                if (dirty.isEmpty()) {
                    return;
                }
                for (SharedFile file : open) {
                    file.channel().force(false);
                }
                TextFile.syncFolder(folder);
                finish(dirty, end, cuts);
            } finally {
                open.forEach(SharedFile::release);
            }
        } finally {
            flushing.unlock();
        }
    }

    private long begin(List<LogSegment> dirty, List<SharedFile> open) throws IOException {
        locks.background().lock();
        try {
            log.requireOpen();
            long end;
            SegmentList list;
            locks.writing().lock();
            try {
                end = published.endOffset();
                list = published.segments();
                flushingBytes = unflushedBytes;
                unflushedBytes = 0L;
                unflushedRecords = 0L;
                asked = false;
                timed = false;
            } finally {
                locks.writing().unlock();
            }
            for (int i = 0; i < list.count(); i++) {
                LogSegment segment = list.get(i);
                if (list.endOf(i, end) > flushedOffset) {
                    segment.settle();
                    dirty.add(segment);
                    open.add(segment.acquire());
                } else if (i + 1 < list.count()) {
                    // A segment that was flushed before it was sealed has an entry more since.
                    segment.persistIndexes();
                }
            }
            return end;
        } finally {
            locks.background().unlock();
        }
    }

    private void finish(List<LogSegment> flushed, long end, int cuts) throws IOException {
        locks.background().lock();
        try {
            if (log.isClosed() || cuts != snapshots.cuts()) {
                return;
            }
            List<LogSegment> present = published.segments().all();
            for (LogSegment segment : flushed) {
                if (present.contains(segment)) {
                    segment.persistIndexes();
                }
            }
            flushedOffset = Math.max(flushedOffset, end);
            flushingBytes = 0L;
        } finally {
            locks.background().unlock();
        }
    }
}
