package io.sluice.storage.segment;

import io.sluice.storage.api.DiskFullException;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.Maintenance;
import io.sluice.storage.api.MaintenanceScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background work of one log: retention, compaction, and letting go of files that nobody uses. One round at a time; who wants the
 * log for itself ends a compaction early by {@link #stop}.
 */
final class LogMaintenance {
    private static final Logger LOG = LoggerFactory.getLogger(LogMaintenance.class);

    private final SegmentedLog log;
    private final PublishedLog published;
    private final LogLocks locks;
    private final SegmentFiles files;
    private final SnapshotFiles snapshots;
    private final Path folder;
    private final Cleaners cleaners;
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
            Cleaners cleaners,
            long cleanedOffset) {
        this.log = log;
        this.published = published;
        this.locks = locks;
        this.files = files;
        this.snapshots = snapshots;
        this.folder = folder;
        this.cleaners = cleaners;
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

    /** Does nothing while another round is under way. */
    Maintenance run(MaintenanceScope scope, LogConfig config, long nowMs) throws IOException {
        if (!round.tryLock()) {
            return Maintenance.NONE;
        }
        try {
            long deleted = keepHouse(scope.highWatermark(), config, nowMs);
            boolean whole = log.damage().isEmpty();
            long compacted = whole && config.cleanupCompact() ? compact(scope, config, nowMs) : 0L;
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
        LogSegment active = published.segments().active();
        if (retention.expires(active) || CleanableRange.mustRoll(active, config, nowMs)) {
            log.rollIfCommitted(highWatermark);
        }
        List<LogSegment> doomed = retention.deletable(published.segments(), published.startOffset(), highWatermark);
        long bytes = 0L;
        for (LogSegment segment : doomed) {
            bytes += segment.sizeInBytes();
        }
        for (List<Path> renamed : remove(doomed)) {
            files.deleteLater(renamed, log.deleteDelayMs());
        }
        return bytes;
    }

    /** Takes away at once what lies below the log's start, which may be what there is no room for noting. */
    void deleteBelowStart(LogConfig config, long nowMs) throws IOException {
        stop();
        locks.background().lock();
        try {
            long start = published.startOffset();
            List<LogSegment> doomed = new Retention(config, nowMs).deletable(published.segments(), start, start);
            remove(doomed).forEach(SegmentFiles::deleteNow);
        } finally {
            locks.background().unlock();
            resume();
        }
    }

    /** Takes segments out of the log; the names that their files have then. */
    private List<List<Path>> remove(List<LogSegment> doomed) throws IOException {
        if (doomed.isEmpty()) {
            return List.of();
        }
        locks.writing().lock();
        try {
            SegmentList left = published.segments().without(doomed);
            published.setSegments(left);
            published.setStartOffset(
                    Math.max(published.startOffset(), left.first().baseOffset()));
            log.startsAt(published.startOffset());
        } finally {
            locks.writing().unlock();
        }
        List<List<Path>> renamed = new ArrayList<>();
        for (LogSegment segment : doomed) {
            renamed.add(files.rename(segment));
        }
        snapshots.deleteBelow(published.segments().first().baseOffset());
        return renamed;
    }

    /** Closes the files that nobody used since the last call, unless somebody is at work on the log. */
    void releaseIfFree() throws IOException {
        if (!locks.background().tryLock()) {
            return;
        }
        try {
            if (!log.isClosed() && locks.writing().tryLock()) {
                try {
                    for (LogSegment segment : published.segments().all()) {
                        if (segment.file().isOpen()) {
                            segment.releaseIfIdle();
                        }
                    }
                } finally {
                    locks.writing().unlock();
                }
            }
        } finally {
            locks.background().unlock();
        }
    }

    private void releaseIdle() throws IOException {
        for (LogSegment segment : published.segments().all()) {
            locks.writing().lock();
            try {
                segment.releaseIfIdle();
            } catch (DiskFullException e) {
                LOG.debug("what is staged for {} waits for room", segment.path(), e);
            } finally {
                locks.writing().unlock();
            }
        }
    }

    /** As many passes as it takes, each over as many keys as there is memory for. */
    private long compact(MaintenanceScope scope, LogConfig config, long nowMs) throws IOException {
        long firstDirty = Math.max(cleanedOffset, published.startOffset());
        long stable = Math.min(scope.highWatermark(), scope.lastStableOffset());
        CleanableRange range = CleanableRange.of(published.segments(), firstDirty, stable, config, nowMs);
        if (!range.isDue() || !cleaners.begin()) {
            return 0L;
        }
        long[] saved = {0L};
        try {
            LogCleaner cleaner = new LogCleaner(folder, config, cleaners, scope, nowMs, () -> stopping);
            boolean goesOn = true;
            while (goesOn) {
                long from = firstDirty;
                firstDirty = cleaner.clean(published.segments(), from, range.end(), (old, rewritten) -> {
                    old.forEach(segment -> saved[0] += segment.sizeInBytes());
                    saved[0] -= rewritten.sizeInBytes();
                    replace(old, rewritten, config);
                });
                goesOn = firstDirty > from && firstDirty < range.end();
                if (firstDirty > from) {
                    cleanedOffset = firstDirty;
                    log.noteCleaned();
                }
            }
        } finally {
            cleaners.end();
        }
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
                files.delete(segment, log.deleteDelayMs());
            }
            rewritten.file().settle();
            rewritten.persistIndexes();
        } finally {
            locks.background().unlock();
        }
    }
}
