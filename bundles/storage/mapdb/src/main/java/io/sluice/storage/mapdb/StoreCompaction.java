package io.sluice.storage.mapdb;

import io.sluice.storage.api.BatchCompaction;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.KeyOffsets;
import io.sluice.storage.api.LogConfig;
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
    private final long nowMs;

    /** A batch, and what is left of it; null when nothing is. */
    private record Replacement(
            long baseOffset, ByteBuffer before, @Nullable ByteBuffer after) {}

    StoreCompaction(PartitionState state, Changes changes, Path directory, LogConfig config, long nowMs) {
        this.state = state;
        this.changes = changes;
        this.directory = directory;
        this.config = config;
        this.nowMs = nowMs;
    }

    /**
     * @param endOffset nothing at or above it is touched
     * @return bytes saved
     */
    long run(long endOffset) throws IOException {
        KeyOffsets keys = new KeyOffsets(KEY_BYTES_MAX);
        long cleaned = Math.max(state.record().cleaned(), state.record().start());
        long end = learn(keys, cleaned, endOffset);
        if (end <= cleaned) {
            return 0L;
        }
        long saved = 0L;
        long next = state.record().start();
        BatchCompaction compaction = new BatchCompaction(keys, nowMs, config.deleteRetentionMs());
        while (next < end) {
            List<Replacement> step = new ArrayList<>();
            next = replacements(compaction, next, end, step);
            saved += replace(step);
        }
        long done = end;
        changes.update(
                state, record -> done > record.cleaned() && done <= record.end() ? record.withCleaned(done) : record);
        return saved;
    }

    /** Takes in the keys of what was not compacted, if that is enough; where it ends. */
    private long learn(KeyOffsets keys, long cleaned, long endOffset) throws IOException {
        long[] dirty = {0L};
        long[] end = {cleaned};
        walk().from(cleaned, Long.MAX_VALUE, (header, body) -> {
            long last = BatchHeader.lastOffset(header, 0);
            long newest = BatchHeader.maxTimestamp(header, 0);
            if (last >= endOffset || config.minCompactionLagMs() > 0L && nowMs - newest < config.minCompactionLagMs()) {
                return false;
            }
            dirty[0] += BatchHeader.sizeInBytes(header, 0);
            end[0] = last + 1L;
            return true;
        });
        if (dirty[0] == 0L
                || dirty[0] <= config.minCleanableDirtyRatio() * state.record().size()) {
            return cleaned;
        }
        long stop = end[0];
        end[0] = cleaned;
        walk().from(cleaned, Long.MAX_VALUE, (header, body) -> {
            if (BatchHeader.lastOffset(header, 0) >= stop || !BatchCompaction.collect(body.read(), keys)) {
                return false;
            }
            end[0] = BatchHeader.lastOffset(header, 0) + 1L;
            return true;
        });
        return end[0];
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
    private long replace(List<Replacement> step) throws IOException {
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
                record = record.withCleaned(Math.max(record.cleaned(), entry.lastOffset() + 1L));
            }
            return record.withStart(record.start(), record.size() - saved[0]);
        });
        return saved[0];
    }

    private BatchWalk walk() {
        return new BatchWalk(state, changes, directory);
    }
}
