package io.sluice.storage.mapdb;

import io.sluice.storage.api.LogDamage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every batch of a store that was not closed, beside its use, in steps between which others come to the store. Whoever reads a
 * batch checks it anyway; this finds what nobody reads, and stops appends to its partition. For one thread.
 */
final class StoreScrub {
    private static final Logger LOG = LoggerFactory.getLogger(StoreScrub.class);
    private static final long STEP_BYTES = 1024L * 1024L;

    private final List<PartitionState> partitions;
    private final Changes changes;
    private final Path directory;

    StoreScrub(List<PartitionState> partitions, Changes changes, Path directory) {
        this.partitions = partitions;
        this.changes = changes;
        this.directory = directory;
    }

    void run() {
        int checked = 0;
        for (PartitionState state : partitions) {
            List<LogDamage> damage = new ArrayList<>();
            try {
                check(state, damage);
            } catch (IOException e) {
                if (changes.isClosed()) {
                    return;
                }
                LOG.error("{} could not be checked", state.partition(), e);
                continue;
            }
            checked++;
            if (state.isGone()) {
                continue;
            }
            if (!damage.isEmpty()) {
                state.setDamage(damage);
            }
            for (LogDamage range : damage) {
                LOG.error(
                        "{}: {}; the rest of it can be read, and nothing is appended",
                        state.partition(),
                        range.describe());
            }
        }
        LOG.info("{} of {} partitions in {} were checked", checked, partitions.size(), directory);
    }

    private void check(PartitionState state, List<LogDamage> damage) throws IOException {
        long end = state.stored();
        long next = state.record().start();
        boolean more = next < end;
        while (more) {
            long from = next;
            long[] reached = {from};
            more = changes.look(store -> step(store, state, from, end, reached, damage));
            next = reached[0];
        }
    }

    /** True when there is more to check; the end of the last batch is in {@code reached} afterwards. */
    private boolean step(
            BatchStore store, PartitionState state, long from, long end, long[] reached, List<LogDamage> damage)
            throws IOException {
        long lossless = Math.max(state.record().start(), state.record().cleaned());
        long next = from;
        long bytes = 0L;
        Iterator<BatchStore.Entry> entries = store.entries(state.id(), from);
        while (entries.hasNext()) {
            BatchStore.Entry entry = entries.next();
            if (entry.baseOffset() >= end) {
                return false;
            }
            missing(Math.max(next, lossless), entry.follows(), damage);
            if (store.batch(entry) == null) {
                damage.add(new LogDamage(
                        entry.baseOffset(),
                        entry.lastOffset() + 1L,
                        directory.toString(),
                        "a batch is not what was appended"));
            }
            next = entry.lastOffset() + 1L;
            reached[0] = next;
            bytes += entry.size();
            if (bytes > STEP_BYTES) {
                return true;
            }
        }
        missing(Math.max(next, lossless), Math.min(end, state.record().written()), damage);
        return false;
    }

    private void missing(long from, long to, List<LogDamage> damage) {
        if (from < to) {
            damage.add(new LogDamage(from, to, directory.toString(), "batches are missing"));
        }
    }
}
