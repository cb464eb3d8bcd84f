package io.sluice.storage.segment;

import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.Maintenance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The background work of one log: retention, compaction, and letting go of files that nobody uses. One round at a time; who wants the
 * log for itself ends a compaction early by {@link #stop}.
 */
final class LogMaintenance {
    private final SegmentedLog log;
    private final PublishedLog published;
    private final LogLocks locks;
    private final SegmentFiles files;
    private final SnapshotFiles snapshots;
    private final Path folder;
    private final ReentrantLock round = new ReentrantLock();
    private volatile boolean stopping;
    private volatile long cleanedOffset;

    LogMaintenance(
            SegmentedLog log,
            PublishedLog published,
            LogLocks locks,
            SegmentFiles files,
            SnapshotFiles snapshots,
            Path folder,
            long cleanedOffset) {
        this.log = log;
        this.published = published;
        this.locks = locks;
        this.files = files;
        this.snapshots = snapshots;
        this.folder = folder;
        this.cleanedOffset = cleanedOffset;
    }

    /** Below it a compacted log has no superseded records. */
    long cleanedOffset() {
        return cleanedOffset;
    }

    void cut(long endOffset) {
        cleanedOffset = Math.min(cleanedOffset, endOffset);
    }

    /** Waits until no round is under way, which a compaction ends early for, and lets none begin until {@link #resume}. */
    void stop() {
        stopping = true;
        round.lock();
        stopping = false;
    }

    void resume() {
        round.unlock();
    }

    Maintenance run(long highWatermark, LogConfig config, long nowMs) throws IOException {
        round.lock();
        try {
            long deleted = keepHouse(highWatermark, config, nowMs);
            long compacted = config.cleanupCompact() ? compact(highWatermark, config, nowMs) : 0L;
            return deleted == 0L && compacted == 0L ? Maintenance.NONE : new Maintenance(deleted, compacted);
        } finally {
            round.unlock();
        }
    }

    private long keepHouse(long highWatermark, LogConfig config, long nowMs) throws IOException {
        locks.background().lock();
        try {
            log.requireOpen();
            long deleted = deleteOld(highWatermark, config, nowMs);
            releaseIdle();
            return deleted;
        } finally {
            locks.background().unlock();
        }
    }

    private long deleteOld(long highWatermark, LogConfig config, long nowMs) throws IOException {
        Retention retention = new Retention(config, nowMs);
        if (retention.expires(published.segments().active())) {
            log.rollIfCommitted(highWatermark);
        }
        List<LogSegment> doomed = retention.deletable(published.segments(), published.startOffset(), highWatermark);
        if (doomed.isEmpty()) {
            return 0L;
        }
        locks.writing().lock();
        try {
            SegmentList left = published.segments().without(doomed);
            published.setSegments(left);
            published.setStartOffset(
                    Math.max(published.startOffset(), left.first().baseOffset()));
        } finally {
            locks.writing().unlock();
        }
        long bytes = 0L;
        for (LogSegment segment : doomed) {
            bytes += segment.sizeInBytes();
            files.delete(segment, config.fileDeleteDelayMs());
        }
        snapshots.deleteBelow(published.segments().first().baseOffset());
        return bytes;
    }

    private void releaseIdle() {
        for (LogSegment segment : published.segments().all()) {
            locks.writing().lock();
            try {
                segment.releaseIfIdle();
            } finally {
                locks.writing().unlock();
            }
        }
    }

    private long compact(long highWatermark, LogConfig config, long nowMs) throws IOException {
        SegmentList before = published.segments();
        LogCleaner cleaner = new LogCleaner(folder, config, nowMs, () -> stopping);
        long firstDirty = Math.max(cleanedOffset, published.startOffset());
        long end = cleaner.cleanableEnd(before, firstDirty, highWatermark);
        if (!cleaner.isDue(before, firstDirty, end)) {
            return 0L;
        }
        long[] saved = {0L};
        cleanedOffset = cleaner.clean(before, firstDirty, end, (old, rewritten) -> {
            old.forEach(segment -> saved[0] += segment.sizeInBytes());
            saved[0] -= rewritten.sizeInBytes();
            replace(old, rewritten, config);
        });
        log.noteCleaned();
        return Math.max(0L, saved[0]);
    }

    /** Puts a compacted segment in its predecessors' place. */
    private void replace(List<LogSegment> old, LogSegment rewritten, LogConfig config) throws IOException {
        locks.background().lock();
        try {
            locks.writing().lock();
            try {
                published.setSegments(published.segments().replacing(old, rewritten));
            } finally {
                locks.writing().unlock();
            }
            for (LogSegment segment : old) {
                files.delete(segment, config.fileDeleteDelayMs());
            }
            rewritten.settle();
            rewritten.persistIndexes();
        } finally {
            locks.background().unlock();
        }
    }
}
