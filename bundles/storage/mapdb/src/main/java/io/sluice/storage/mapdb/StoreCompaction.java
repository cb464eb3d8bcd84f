package io.sluice.storage.mapdb;

import io.sluice.storage.api.AbortedRanges;
import io.sluice.storage.api.BatchCompaction;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.KeyCollector;
import io.sluice.storage.api.KeyOffsets;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.MaintenanceScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One round of compaction of a partition that is all in the store: its keys are learned, then its batches replaced, a few in each commit. */
final class StoreCompaction {
    private static final int KEY_BYTES_MAX = 8 * 1024 * 1024;
    private static final int STEP_BYTES = 1024 * 1024;

    private final PartitionState state;
    private final Changes changes;
    private final Path directory;
    private final LogConfig config;
    private final MaintenanceScope scope;
    private final long nowMs;

    /** A batch, and what is left of it; null when nothing is. */
    private record Replacement(
            long baseOffset, ByteBuffer before, @Nullable ByteBuffer after) {}

    StoreCompaction(
            PartitionState state,
            Changes changes,
            Path directory,
            LogConfig config,
            MaintenanceScope scope,
            long nowMs) {
        this.state = state;
        this.changes = changes;
        this.directory = directory;
        this.config = config;
        this.scope = scope;
        this.nowMs = nowMs;
    }

    /**
     * @param endOffset nothing at or above it is touched
     * @return bytes saved
     */
    long run(long endOffset) throws IOException {
        KeyOffsets keys = new KeyOffsets(KEY_BYTES_MAX);
        long start = state.record().start();
        long cleaned = Math.max(state.record().cleaned(), start);
        long due = endOffset <= cleaned ? cleaned : due(start, cleaned, endOffset);
        if (due <= cleaned) {
            return 0L;
        }
        AbortedRanges aborted = new AbortedRanges(scope.aborted().overlapping(start, due));
        long end = learn(new KeyCollector(keys, aborted), keys, cleaned, due);
        if (end <= cleaned) {
            return 0L;
        }
        long saved = 0L;
        long next = start;
        BatchCompaction compaction = BatchCompaction.of(config, keys, nowMs, scope.lastOffsets(), aborted);
        while (next < end) {
            List<Replacement> step = new ArrayList<>();
            next = replacements(compaction, next, end, step);
            saved += replace(step, end);
        }
        long done = end;
        changes.update(
                state, record -> done > record.cleaned() && done <= record.end() ? record.withCleaned(done) : record);
        return saved;
    }

    /** Where what can be compacted now ends, if it is worth it; {@code cleaned} else. Looks at headers only. */
    private long due(long start, long cleaned, long endOffset) throws IOException {
        long[] clean = {0L};
        long[] dirty = {0L};
        long[] end = {cleaned};
        boolean[] overdue = {false};
        walk().from(start, Long.MAX_VALUE, (header, body) -> {
            long last = BatchHeader.lastOffset(header, 0);
            int bytes = BatchHeader.sizeInBytes(header, 0);
            if (last < cleaned) {
                clean[0] += bytes;
                return true;
            }
            long ageMs = nowMs - BatchHeader.maxTimestamp(header, 0);
            if (last >= endOffset || config.minCompactionLagMs() > 0L && ageMs < config.minCompactionLagMs()) {
                return false;
            }
            dirty[0] += bytes;
            end[0] = last + 1L;
            overdue[0] |= ageMs > config.maxCompactionLagMs();
            return true;
        });
        boolean due = overdue[0] || dirty[0] > config.minCleanableDirtyRatio() * (clean[0] + dirty[0]);
        return dirty[0] > 0L && due ? end[0] : cleaned;
    }

    /** Takes in the keys of what was not compacted, as far as there is room; where that ends. */
    private long learn(KeyCollector collector, KeyOffsets keys, long cleaned, long due) throws IOException {
        walk().from(
                        cleaned,
                        Long.MAX_VALUE,
                        (header, body) ->
                                BatchHeader.lastOffset(header, 0) < due && collector.collect(body.read(), cleaned));
        return Math.min(due, keys.latestOffset() + 1L);
    }

    private long replacements(BatchCompaction compaction, long from, long end, List<Replacement> into)
            throws IOException {
        long[] next = {end};
        int[] bytes = {0};
        walk().from(from, Long.MAX_VALUE, (header, body) -> {
            long base = BatchHeader.baseOffset(header, 0);
            if (base >= end) {
                return false;
            }
            if (bytes[0] > STEP_BYTES) {
                next[0] = base;
                return false;
            }
            ByteBuffer batch = body.read();
            bytes[0] += batch.remaining();
            ByteBuffer left = compaction.compact(batch);
            if (left != batch) {
                into.add(new Replacement(base, header, left));
            }
            return true;
        });
        return next[0];
    }

    /** Puts them in place, those whose batch is still the one that was read. */
    private long replace(List<Replacement> step, long end) throws IOException {
        if (step.isEmpty()) {
            return 0L;
        }
        long[] saved = {0L};
        changes.directly(state, store -> {
            PartitionRecord record = state.record();
            for (Replacement replacement : step) {
                var entries = store.entries(state.id(), replacement.baseOffset);
                BatchStore.Entry entry = entries.hasNext() ? entries.next() : null;
                if (entry == null || !entry.header().equals(replacement.before)) {
                    continue;
                }
                saved[0] += entry.size();
                if (replacement.after == null) {
                    store.removeBatch(state.id(), entry);
                } else {
                    saved[0] -= replacement.after.remaining();
                    store.putBatch(state.id(), replacement.after, entry.follows());
                }
                record = record.withCleaned(Math.max(record.cleaned(), Math.min(end, entry.lastOffset() + 1L)));
            }
            return record.withStart(record.start(), record.size() - saved[0]);
        });
        return saved[0];
    }

    private BatchWalk walk() {
        return new BatchWalk(state, changes, directory);
    }
}
