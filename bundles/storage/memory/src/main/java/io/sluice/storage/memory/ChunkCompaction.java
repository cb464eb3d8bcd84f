package io.sluice.storage.memory;

import io.sluice.storage.api.AbortedRanges;
import io.sluice.storage.api.BatchCompaction;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.KeyCollector;
import io.sluice.storage.api.KeyOffsets;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.MaintenanceScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One round of compaction over chunks that nobody appends to any more; they are read, and new ones are made. */
final class ChunkCompaction {
    private static final int KEY_BYTES_MAX = 8 * 1024 * 1024;

    private final LogConfig config;
    private final long nowMs;
    private final MaintenanceScope scope;
    private long cleanedTo;

    ChunkCompaction(LogConfig config, long nowMs, MaintenanceScope scope) {
        this.config = config;
        this.nowMs = nowMs;
        this.scope = scope;
    }

    /** How many chunks from the oldest on may be compacted: never the active one, and none that is not decided. */
    int compactable(List<Chunk> chunks) {
        long stable = Math.min(scope.highWatermark(), scope.lastStableOffset());
        int count = 0;
        while (count + 1 < chunks.size()
                && chunks.get(count + 1).baseOffset() <= stable
                && isOldEnough(chunks.get(count))) {
            count++;
        }
        return count;
    }

    private boolean isOldEnough(Chunk chunk) {
        return config.minCompactionLagMs() <= 0L
                || nowMs - chunk.contents().maxTimestamp() >= config.minCompactionLagMs();
    }

    /** Whether enough of them was written since the last round, or something of it long ago. */
    boolean isDue(List<Chunk> chunks, long firstDirty) {
        long dirty = 0L;
        boolean overdue = false;
        for (Chunk chunk : chunks) {
            Chunk.Contents contents = chunk.contents();
            if (chunk.baseOffset() >= firstDirty && contents.count() > 0) {
                dirty += contents.size();
                ByteBuffer oldest = contents.batch(0);
                overdue |= nowMs - BatchHeader.maxTimestamp(oldest, oldest.position()) > config.maxCompactionLagMs();
            }
        }
        return dirty > 0L && (overdue || dirty > config.minCleanableDirtyRatio() * Chunk.sizeOf(chunks));
    }

    /** Up to where the log is clean after {@link #compact}: not to the end, if there are more keys than there is memory for them. */
    long cleanedTo() {
        return cleanedTo;
    }

    /**
     * What is left of the chunks.
     *
     * @param end the offset after them
     * @param firstDirty where what was not compacted yet begins
     */
    List<Chunk> compact(List<Chunk> chunks, long end, long firstDirty) throws IOException {
        AbortedRanges aborted =
                new AbortedRanges(scope.aborted().overlapping(chunks.get(0).baseOffset(), end));
        KeyOffsets keys = new KeyOffsets(KEY_BYTES_MAX);
        boolean all = learn(chunks, firstDirty, new KeyCollector(keys, aborted));
        cleanedTo = all ? end : Math.min(end, Math.max(firstDirty, keys.latestOffset() + 1L));
        BatchCompaction compaction = BatchCompaction.of(config, keys, nowMs, scope.lastOffsets(), aborted);
        List<Chunk> compacted = new ArrayList<>(chunks.size());
        for (Chunk chunk : chunks) {
            Chunk.Contents contents = chunk.contents();
            Chunk left = new Chunk(chunk.baseOffset());
            for (int i = 0; i < contents.count(); i++) {
                @Nullable ByteBuffer batch = compaction.compact(contents.batch(i));
                if (batch != null) {
                    left.append(batch, BatchHeader.maxTimestamp(batch, batch.position()));
                }
            }
            compacted.add(left);
        }
        return compacted;
    }

    /** False when there is no more room for keys. */
    private static boolean learn(List<Chunk> chunks, long from, KeyCollector keys) {
        for (Chunk chunk : chunks) {
            Chunk.Contents contents = chunk.contents();
            for (int i = 0; i < contents.count(); i++) {
                ByteBuffer batch = contents.batch(i);
                if (BatchHeader.lastOffset(batch, batch.position()) >= from && !keys.collect(batch, from)) {
                    return false;
                }
            }
        }
        return true;
    }
}
