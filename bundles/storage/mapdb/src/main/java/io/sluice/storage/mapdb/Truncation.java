package io.sluice.storage.mapdb;

import io.sluice.storage.api.Snapshot;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/** Cuts a partition in the store. */
final class Truncation {
    private Truncation() {}

    /** Removes every batch with an offset at or above this one, which lies above the log's start. */
    static PartitionRecord to(long offset, PartitionState state, BatchStore store) throws IOException {
        PartitionRecord record = state.record();
        Iterator<BatchStore.Entry> entries = store.entries(state.id(), offset);
        long end = offset;
        long removed = 0L;
        if (entries.hasNext()) {
            BatchStore.Entry first = entries.next();
            end = Math.min(end, first.baseOffset());
            removed += first.size();
        }
        if (end < record.start()) {
            return fully(record.start(), state, store);
        }
        while (entries.hasNext()) {
            removed += entries.next().size();
        }
        store.removeBatches(state.id(), end, Long.MAX_VALUE);
        BatchStore.Entry last = store.last(state.id());
        return record.withExtent(
                        record.start(),
                        end,
                        last == null ? record.start() : last.lastOffset() + 1L,
                        record.size() - removed)
                .withSnapshots(below(end, record.snapshots()));
    }

    static PartitionRecord fully(long offset, PartitionState state, BatchStore store) throws IOException {
        store.removeBatches(state.id(), 0L, Long.MAX_VALUE);
        return state.record().withExtent(offset, offset, 0L).withSnapshots(List.of());
    }

    private static List<Snapshot> below(long end, List<Snapshot> snapshots) {
        return snapshots.stream().filter(snapshot -> snapshot.offset() <= end).toList();
    }
}
