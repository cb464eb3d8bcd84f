package io.sluice.storage.mapdb;

import io.sluice.storage.api.CorruptRangeException;
import io.sluice.storage.api.LogDamage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Iterator;

/**
 * Goes over a partition's batches in the order of their offsets: first those of the store, then those in memory. Each says where the one
 * before it ended when it was appended, so offsets that never had a batch are passed over; but where batches are missing that no
 * compaction took, it fails.
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
        long next = offset;
        if (offset < tail.firstPending()) {
            long[] reached = {offset};
            boolean more = changes.look(store -> {
                long lossless = lossless();
                Iterator<BatchStore.Entry> entries = store.entries(state.id(), offset);
                while (entries.hasNext()) {
                    BatchStore.Entry entry = entries.next();
                    if (entry.baseOffset() >= tail.firstPending()) {
                        break;
                    }
                    requireNoLoss(Math.max(reached[0], lossless), entry.follows());
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
        // A log that is cut meanwhile has lost nothing.
        requireNoLoss(
                Math.max(next, lossless()),
                Math.min(tail.stored(), state.record().written()));
        for (ByteBuffer batch : tail.batches()) {
            if (!visitor.visit(batch, () -> batch)) {
                return;
            }
        }
    }

    /** Below it batches may have gone for good reasons. */
    private long lossless() {
        PartitionRecord record = state.record();
        return Math.max(record.start(), record.cleaned());
    }

    private void requireNoLoss(long from, long written) throws IOException {
        if (from < written) {
            throw new CorruptRangeException(new LogDamage(from, written, directory.toString(), "batches are missing"));
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
