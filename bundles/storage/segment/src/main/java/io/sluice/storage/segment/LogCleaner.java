package io.sluice.storage.segment;

import io.sluice.storage.api.AbortedRanges;
import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.BatchCompaction;
import io.sluice.storage.api.KeyCollector;
import io.sluice.storage.api.KeyOffsets;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.MaintenanceScope;
import io.sluice.storage.api.SharedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One pass of compaction over a log ({@code cleanup.policy=compact}): learns the keys of what was written since the last one, as many as
 * there is memory for, then rewrites the segments up to there without the records that these keys supersede. The active segment is never
 * touched. For one thread.
 */
final class LogCleaner {
    private static final int SABOTAGED_BATCHES = 7;

    private final Path folder;
    private final LogConfig config;
    private final Cleaners cleaners;
    private final MaintenanceScope scope;
    private final long nowMs;
    private final BooleanSupplier stopped;
    private final ByteBuffer output;
    private @Nullable BatchStream stream;
    private int copied;

    /** Puts a rewritten segment in the place of those that it was made from. */
    @FunctionalInterface
    interface Swap {
        void replace(List<LogSegment> old, LogSegment rewritten) throws IOException;
    }

    LogCleaner(
            Path folder,
            LogConfig config,
            Cleaners cleaners,
            MaintenanceScope scope,
            long nowMs,
            BooleanSupplier stopped) {
        this.folder = folder;
        this.config = config;
        this.cleaners = cleaners;
        this.scope = scope;
        this.nowMs = nowMs;
        this.stopped = stopped;
        this.output = ByteBuffer.allocate(cleaners.ioBytes());
    }

    /**
     * Compacts the segments below the end, as far as the memory for keys goes.
     *
     * @return the offset up to which the log is clean now; {@code firstDirty} when it was stopped
     */
    long clean(SegmentList segments, long firstDirty, long end, Swap swap) throws IOException {
        KeyOffsets keys = new KeyOffsets(cleaners.keyBytes());
        AbortedRanges aborted =
                new AbortedRanges(scope.aborted().overlapping(segments.first().baseOffset(), end));
        learn(segments, firstDirty, end, keys, aborted);
        long cleanedTo = Math.min(end, keys.latestOffset() + 1L);
        if (keys.latestOffset() < 0L && !stopped.getAsBoolean()) {
            cleanedTo = end; // nothing lies there
        }
        if (stopped.getAsBoolean() || cleanedTo <= firstDirty) {
            return firstDirty;
        }
        BatchCompaction compaction = BatchCompaction.of(config, keys, nowMs, scope.lastOffsets(), aborted);
        for (List<LogSegment> group : groups(segments, cleanedTo)) {
            if (!rewrite(group, compaction, swap)) {
                return firstDirty;
            }
        }
        return cleanedTo;
    }

    /** Segments that follow each other and fit into one, sizes and indexes alike. */
    private List<List<LogSegment>> groups(SegmentList segments, long end) throws IOException {
        List<List<LogSegment>> groups = new ArrayList<>();
        List<LogSegment> group = new ArrayList<>();
        long bytes = 0L;
        long indexBytes = 0L;
        for (int i = 0; i + 1 < segments.count() && segments.get(i).baseOffset() < end; i++) {
            LogSegment segment = segments.get(i);
            bytes += segment.sizeInBytes();
            indexBytes += segment.indexBytes();
            boolean fits = !group.isEmpty()
                    && bytes <= config.segmentBytes()
                    && indexBytes <= config.segmentIndexBytes()
                    && segments.get(i + 1).baseOffset() - 1L - group.get(0).baseOffset() <= Integer.MAX_VALUE;
            if (!fits) {
                group = new ArrayList<>();
                groups.add(group);
                bytes = segment.sizeInBytes();
                indexBytes = segment.indexBytes();
            }
            group.add(segment);
        }
        return groups;
    }

    private BatchStream over(SharedFile open, int from, int to) {
        BatchStream known = stream;
        if (known == null) {
            known = new BatchStream(open.channel(), cleaners.ioBytes());
            stream = known;
        }
        return known.over(open.channel(), from, to);
    }

    private void learn(SegmentList segments, long from, long end, KeyOffsets keys, AbortedRanges aborted)
            throws IOException {
        KeyCollector collector = new KeyCollector(keys, aborted);
        boolean room = true;
        for (int i = segments.indexOf(from);
                room && i < segments.count() && segments.get(i).baseOffset() < end;
                i++) {
            room = learn(segments.get(i), from, collector);
        }
    }

    /** False when no more is to be learnt. */
    private boolean learn(LogSegment segment, long from, KeyCollector collector) throws IOException {
        SharedFile open = segment.acquire();
        try {
            int limit = segment.sizeInBytes();
            BatchStream batches =
                    over(open, segment.reads().positionOf(Math.max(from, segment.baseOffset()), limit), limit);
            while (batches.next()) {
                cleaners.throttle().spend(batches.takeBytesRead(), stopped);
                if (stopped.getAsBoolean() || !collector.collect(batches.batch(), from)) {
                    return false;
                }
            }
            return true;
        } finally {
            open.release();
        }
    }

    /** False when it was stopped; then nothing has changed. */
    private boolean rewrite(List<LogSegment> group, BatchCompaction compaction, Swap swap) throws IOException {
        try (SegmentRewrite rewrite = new SegmentRewrite(folder, group.get(0).baseOffset(), output)) {
            boolean changed = group.size() > 1;
            for (LogSegment segment : group) {
                @Nullable Boolean copy = copy(segment, compaction, rewrite);
                if (copy == null) {
                    return false;
                }
                changed |= copy;
            }
            if (changed) {
                @Nullable
                LogSegment rewritten =
                        rewrite.finish(group.get(group.size() - 1), config.indexIntervalBytes(), stopped);
                if (rewritten == null) {
                    return false;
                }
                for (LogSegment segment : group) {
                    for (AbortedTransaction transaction : segment.transactions().all()) {
                        rewritten.transactions().append(transaction);
                    }
                }
                swap.replace(List.copyOf(group), rewritten);
            }
            return true;
        }
    }

    /** Whether anything of the segment was left out or changed; null when it was stopped. */
    private @Nullable Boolean copy(LogSegment segment, BatchCompaction compaction, SegmentRewrite target)
            throws IOException {
        SharedFile open = segment.acquire();
        try {
            BatchStream batches = over(open, 0, segment.sizeInBytes());
            boolean changed = false;
            long before = target.written();
            while (batches.next()) {
                @Nullable ByteBuffer left = compaction.compact(batches.batch());
                changed |= left != batches.batch();
                if (left != null && !(cleaners.isSabotaged() && ++copied % SABOTAGED_BATCHES == 0)) {
                    target.add(left);
                }
                cleaners.throttle().spend(batches.takeBytesRead() + target.written() - before, stopped);
                before = target.written();
                if (stopped.getAsBoolean()) {
                    return null;
                }
            }
            return changed;
        } finally {
            open.release();
        }
    }
}
