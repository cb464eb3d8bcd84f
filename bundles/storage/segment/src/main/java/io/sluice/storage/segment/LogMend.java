package io.sluice.storage.segment;

import io.sluice.storage.api.CorruptRangeException;
import io.sluice.storage.api.LogDamage;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is damaged of a log, and what is done when a reader meets more of it: the segment is read anew from its start, its indexes are
 * made anew, and what is no batch becomes a named range. Any thread; what changes is under all of the log's locks.
 */
final class LogMend {
    private static final Logger LOG = LoggerFactory.getLogger(LogMend.class);
    private static final int ATTEMPTS_MAX = 8;

    private final SegmentedLog log;
    private final LogTail tail;
    private final PublishedLog published;
    private final LogLocks locks;
    private final Path folder;
    private final DamagedRanges ranges;

    LogMend(
            SegmentedLog log,
            LogTail tail,
            PublishedLog published,
            LogLocks locks,
            Path folder,
            List<LogDamage> damage) {
        this.log = log;
        this.tail = tail;
        this.published = published;
        this.locks = locks;
        this.folder = folder;
        this.ranges = new DamagedRanges(damage);
    }

    /** A look at the log that can meet damage, and can be done again. */
    interface Look<T> {
        T take() throws IOException;
    }

    List<LogDamage> damage() {
        return ranges.all();
    }

    void requireWhole() throws IOException {
        if (!ranges.isEmpty()) {
            throw new IOException(
                    "nothing is appended because " + ranges.all().get(0).describe());
        }
    }

    /** Up to where can be read from the offset. */
    long limit(long offset, long endOffset) throws CorruptRangeException {
        if (ranges.isEmpty()) {
            return endOffset;
        }
        LogDamage range = ranges.containing(offset);
        if (range != null) {
            throw new CorruptRangeException(range);
        }
        return ranges.nextStart(offset, endOffset);
    }

    /** Looks until nothing comes in between that can be mended. */
    <T> T call(Look<T> look) throws IOException {
        int attempts = 0;
        while (true) {
            try {
                return look.take();
            } catch (ClosedChannelException e) {
                log.requireOpen();
            } catch (NoBatchException e) {
                if (e.baseOffset() < 0L || attempts++ > ATTEMPTS_MAX) {
                    throw e;
                }
                readAgain(e);
            }
        }
    }

    private void readAgain(NoBatchException cause) throws IOException {
        log.quiesce();
        locks.lockAll();
        try {
            log.requireOpen();
            SegmentList list = published.segments();
            int index = list.indexOf(cause.baseOffset());
            LogSegment old = list.get(index);
            if (old.baseOffset() == cause.baseOffset()) {
                LOG.error("{} is read again, because there is {}", old.path(), cause.getMessage());
                replace(list, index, old);
            }
        } finally {
            locks.unlockAll();
            log.resume();
        }
    }

    private void replace(SegmentList list, int index, LogSegment old) throws IOException {
        boolean last = index + 1 == list.count();
        long end = list.endOf(index, published.endOffset());
        old.file().settle();
        old.transactions().persist();
        if (last) {
            tail.cut();
        }
        LogSegment fresh = LogSegment.stored(folder, old.baseOffset(), old.sizeInBytes(), old.createdMs());
        new SegmentRecovery(log.config().indexIntervalBytes(), Crash.MACHINE, 0L, log.compactedOffset(), Long.MAX_VALUE)
                .recover(fresh, old.sizeInBytes(), end);
        if (!last) {
            fresh.sealTimeIndex();
        }
        fresh.persistIndexes();
        List<LogDamage> found = new ArrayList<>();
        for (Hole hole : fresh.holes().all()) {
            if (hole.isLoss()) {
                found.add(hole.damage(fresh.path()));
            }
        }
        ranges.replace(old.baseOffset(), end, found);
        published.setSegments(list.replacing(List.of(old), fresh));
        old.file().dispose();
        note();
    }

    /** What lies below the log's start is nobody's loss any more. */
    void startAt(long logStartOffset) throws IOException {
        if (!ranges.isEmpty()) {
            ranges.startAt(logStartOffset);
            note();
        }
    }

    /** What lies above the log's end is gone. */
    void cutAt(long logEndOffset) throws IOException {
        if (!ranges.isEmpty()) {
            ranges.cutAt(logEndOffset);
            note();
        }
    }

    /** So that the next opening looks at everything. */
    private void note() throws IOException {
        DamageFile.write(folder, ranges.all(), published.segments().hasHoles());
    }
}
