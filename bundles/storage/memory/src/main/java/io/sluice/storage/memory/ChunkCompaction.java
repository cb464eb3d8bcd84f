package io.sluice.storage.memory;

import io.sluice.storage.api.BatchCompaction;
import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.KeyOffsets;
import io.sluice.storage.api.LogConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One round of compaction over chunks that nobody appends to any more; they are read, and new ones are made. */
final class ChunkCompaction {
    private static final int KEY_BYTES_MAX = 8 * 1024 * 1024;

    private final LogConfig config;
    private final long nowMs;

    ChunkCompaction(LogConfig config, long nowMs) {
        this.config = config;
        this.nowMs = nowMs;
    }

    /** How many chunks from the oldest on may be compacted: never the active one, and none above the high watermark. */
    int compactable(List<Chunk> chunks, long highWatermark) {
        int count = 0;
        while (count + 1 < chunks.size()
                && chunks.get(count + 1).baseOffset() <= highWatermark
                && isOldEnough(chunks.get(count))) {
            count++;
        }
        return count;
    }

    private boolean isOldEnough(Chunk chunk) {
        return config.minCompactionLagMs() <= 0L
                || nowMs - chunk.contents().maxTimestamp() >= config.minCompactionLagMs();
    }

    /** Whether enough of them was written since the last round. */
    boolean isDue(List<Chunk> chunks, long firstDirty) {
        long dirty = 0L;
        for (Chunk chunk : chunks) {
            dirty += chunk.baseOffset() >= firstDirty ? chunk.contents().size() : 0L;
        }
        return dirty > 0L && dirty > config.minCleanableDirtyRatio() * Chunk.sizeOf(chunks);
    }

    List<Chunk> compact(List<Chunk> chunks) {
        KeyOffsets keys = new KeyOffsets(KEY_BYTES_MAX);
        learn(chunks, keys);
        BatchCompaction compaction = new BatchCompaction(keys, nowMs, config.deleteRetentionMs());
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

    private static void learn(List<Chunk> chunks, KeyOffsets keys) {
        for (Chunk chunk : chunks) {
            Chunk.Contents contents = chunk.contents();
            for (int i = 0; i < contents.count(); i++) {
                if (!BatchCompaction.collect(contents.batch(i), keys)) {
                    return;
                }
            }
        }
    }
}
