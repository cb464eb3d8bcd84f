package io.sluice.storage.mapdb;

import io.sluice.storage.api.BatchHeader;
import io.sluice.storage.api.CorruptRangeException;
import io.sluice.storage.api.LogDamage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;

/**
 * Goes over a partition's batches in the order of their offsets: first those of the store, then those in memory. Where batches are
 * missing that no compaction took, it fails rather than to step over them.
 */
final class BatchWalk {
    private final PartitionState state;
    private final Changes changes;
    private final Path directory;

    /** Gives the whole batch, checked. */
    @FunctionalInterface
    interface Body {
        /** @throws CorruptRangeException when it is not what was appended */
        ByteBuffer read() throws IOException;
    }

    /** Sees each batch. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param header of the batch, from 0 on
         * @return false to see no more
         */
        boolean visit(ByteBuffer header, Body body) throws IOException;
    }

    BatchWalk(PartitionState state, Changes changes, Path directory) {
        this.state = state;
        this.changes = changes;
        this.directory = directory;
    }

    /**
     * Shows the batches from the one that has the offset.
     *
     * @param worth after so many bytes in memory it may end
     */
    void from(long offset, long worth, Visitor visitor) throws IOException {
        PartitionState.Tail tail = state.tail(offset, worth);
        long compacted = state.record().cleaned();
        long next = offset;
        if (offset < tail.firstPending()) {
            long[] reached = {offset};
            boolean more = changes.look(store -> {
                Iterator<BatchStore.Entry> entries = store.entries(state.id(), offset);
                while (entries.hasNext()) {
                    BatchStore.Entry entry = entries.next();
                    if (entry.baseOffset() >= tail.firstPending()) {
                        break;
                    }
                    requireNoGap(reached[0], entry.baseOffset(), compacted);
                    if (!visitor.visit(entry.header(), () -> body(store, entry))) {
                        return false;
                    }
                    reached[0] = entry.lastOffset() + 1L;
                }
                return true;
            });
            if (!more) {
                return;
            }
            next = reached[0];
        }
        for (ByteBuffer batch : tail.batches()) {
            requireNoGap(next, BatchHeader.baseOffset(batch, 0), compacted);
            if (!visitor.visit(batch, () -> batch)) {
                return;
            }
            next = BatchHeader.lastOffset(batch, 0) + 1L;
        }
    }

    private void requireNoGap(long expected, long found, long compacted) throws IOException {
        if (found > expected && expected >= compacted) {
            throw new CorruptRangeException(
                    new LogDamage(expected, found, directory.toString(), "batches are missing"));
        }
    }

    private ByteBuffer body(BatchStore store, BatchStore.Entry entry) throws IOException {
        ByteBuffer batch = store.batch(entry);
        if (batch == null) {
            throw new CorruptRangeException(new LogDamage(
                    entry.baseOffset(),
                    entry.lastOffset() + 1L,
                    directory.toString(),
                    "a batch is not what was appended"));
        }
        return batch;
    }
}
