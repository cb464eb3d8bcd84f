package io.sluice.storage.segment;

import io.sluice.storage.api.BatchCompaction;
import io.sluice.storage.api.KeyOffsets;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One round of compaction of a log ({@code cleanup.policy=compact}): learns the keys of what was written since the last round, then
 * rewrites the segments up to there without the records that these keys supersede. The active segment is never touched.
 *
 * <p>A rewritten segment is written as {@code .cleaned}, becomes valid by its name {@code .swap}, and takes its predecessors' place
 * after that, as in Kafka.
 */
final class LogCleaner {
    private static final int KEY_BYTES_MAX = 16 * 1024 * 1024;

    private final Path folder;
    private final LogConfig config;
    private final long nowMs;
    private final BooleanSupplier stopped;
    private final KeyOffsets keys = new KeyOffsets(KEY_BYTES_MAX);

    /** Puts a rewritten segment in the place of those that it was made from. */
    @FunctionalInterface
    interface Swap {
        void replace(List<LogSegment> old, LogSegment rewritten) throws IOException;
    }

    LogCleaner(Path folder, LogConfig config, long nowMs, BooleanSupplier stopped) {
        this.folder = folder;
        this.config = config;
        this.nowMs = nowMs;
        this.stopped = stopped;
    }

    /** The offset below which the log may be compacted now: whole segments, committed, and old enough. */
    long cleanableEnd(SegmentList segments, long firstDirty, long highWatermark) throws IOException {
        long end = firstDirty;
        for (int i = 0; i + 1 < segments.count(); i++) {
            LogSegment segment = segments.get(i);
            long next = segments.get(i + 1).baseOffset();
            if (next <= firstDirty) {
                continue;
            }
            boolean young =
                    config.minCompactionLagMs() > 0L && nowMs - segment.maxTimestamp() < config.minCompactionLagMs();
            if (next > highWatermark || young) {
                break;
            }
            end = next;
        }
        return end;
    }

    /** Whether enough of the log is dirty, or has been for too long. */
    boolean isDue(SegmentList segments, long firstDirty, long end) throws IOException {
        long clean = 0L;
        long dirty = 0L;
        boolean overdue = false;
        for (int i = 0; i + 1 < segments.count() && segments.get(i).baseOffset() < end; i++) {
            LogSegment segment = segments.get(i);
            if (segments.get(i + 1).baseOffset() <= firstDirty) {
                clean += segment.sizeInBytes();
            } else {
                dirty += segment.sizeInBytes();
                overdue |= segment.sizeInBytes() > 0 && nowMs - segment.maxTimestamp() > config.maxCompactionLagMs();
            }
        }
        return dirty > 0L && (overdue || dirty > config.minCleanableDirtyRatio() * (clean + dirty));
    }

    /**
     * Compacts the segments below the end.
     *
     * @return the offset up to which the log is clean now; {@code firstDirty} when it was stopped
     */
    long clean(SegmentList segments, long firstDirty, long end, Swap swap) throws IOException {
        for (int i = segments.indexOf(firstDirty);
                i < segments.count() && segments.get(i).baseOffset() < end;
                i++) {
            if (!learn(segments.get(i), firstDirty)) {
                break;
            }
        }
        long cleanedTo = keys.latestOffset() + 1L;
        if (stopped.getAsBoolean() || cleanedTo <= firstDirty) {
            return firstDirty;
        }
        List<LogSegment> group = new ArrayList<>();
        long groupBytes = 0L;
        for (int i = 0; i + 1 < segments.count() && segments.get(i).baseOffset() < Math.min(end, cleanedTo); i++) {
            LogSegment segment = segments.get(i);
            boolean fits = group.isEmpty()
                    || (groupBytes + segment.sizeInBytes() <= config.segmentBytes()
                            && segments.get(i + 1).baseOffset() - group.get(0).baseOffset() <= Integer.MAX_VALUE);
            if (!fits) {
                if (!rewrite(group, swap)) {
                    return firstDirty;
                }
                group.clear();
                groupBytes = 0L;
            }
            group.add(segment);
            groupBytes += segment.sizeInBytes();
        }
        return group.isEmpty() || rewrite(group, swap) ? Math.min(end, cleanedTo) : firstDirty;
    }

    /** False when no more is to be learnt. */
    private boolean learn(LogSegment segment, long from) throws IOException {
        SharedFile open = segment.acquire();
        try {
            int limit = segment.sizeInBytes();
            int start = segment.positionOf(Math.max(from, segment.baseOffset()), limit);
            HeaderWalk walk = new HeaderWalk(open.channel(), start, limit);
            while (walk.next()) {
                if (stopped.getAsBoolean() || !BatchCompaction.collect(segment.load(open.channel(), walk), keys)) {
                    return false;
                }
            }
            return true;
        } finally {
            open.release();
        }
    }

    /** False when it was stopped; then nothing has changed. */
    private boolean rewrite(List<LogSegment> group, Swap swap) throws IOException {
        long base = group.get(0).baseOffset();
        Path cleaned = LogFileNames.file(folder, base, LogFileNames.LOG + LogFileNames.CLEANED);
        SharedFile file = new SharedFile(FileChannel.open(
                cleaned,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE));
        boolean done = false;
        try {
            BatchCompaction compaction = new BatchCompaction(keys, nowMs, config.deleteRetentionMs());
            for (LogSegment segment : group) {
                if (!copy(segment, compaction, file.channel())) {
                    return false;
                }
            }
            file.channel().force(true);
            Path swapName = LogFileNames.file(folder, base, LogFileNames.LOG + LogFileNames.SWAP);
            LogSegment rewritten = index(base, swapName, file, group);
            Files.move(cleaned, swapName, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            done = true;
            swap.replace(List.copyOf(group), rewritten);
            return true;
        } finally {
            if (!done) {
                file.release();
                Files.deleteIfExists(cleaned);
            }
        }
    }

    private boolean copy(LogSegment segment, BatchCompaction compaction, FileChannel target) throws IOException {
        SharedFile open = segment.acquire();
        try {
            HeaderWalk walk = new HeaderWalk(open.channel(), 0, segment.sizeInBytes());
            while (walk.next()) {
                if (stopped.getAsBoolean()) {
                    return false;
                }
                @Nullable ByteBuffer left = compaction.compact(segment.load(open.channel(), walk));
                while (left != null && left.hasRemaining()) {
                    target.write(left);
                }
            }
            return true;
        } finally {
            open.release();
        }
    }

    private LogSegment index(long base, Path name, SharedFile file, List<LogSegment> group) throws IOException {
        long modifiedMs = group.get(group.size() - 1).createdMs();
        LogSegment rewritten = LogSegment.create(folder, base, modifiedMs, name, file);
        HeaderWalk walk = new HeaderWalk(file.channel(), 0, (int) file.channel().size());
        while (walk.next()) {
            rewritten.recovered(walk, config.indexIntervalBytes());
        }
        rewritten.sealTimeIndex();
        return rewritten;
    }
}
