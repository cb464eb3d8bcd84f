package io.sluice.storage.mapdb;

import io.sluice.storage.api.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the partitions of a store at its opening, and brings the journals into it. */
final class StoreRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRecovery.class);

    private final BatchStore store;
    private final Path directory;
    private final Map<Integer, PartitionState> partitions = new TreeMap<>();
    private long lastJournal;

    StoreRecovery(BatchStore store, Path directory) {
        this.store = store;
        this.directory = directory;
    }

    long lastJournal() {
        return lastJournal;
    }

    /** @throws DamagedStoreException when it cannot be told which partitions there are, or what batches they have */
    List<PartitionState> load() throws IOException {
        for (int id : store.partitions()) {
            PartitionRecord record = store.partition(id);
            if (record == null) {
                throw new DamagedStoreException("the record of partition " + id + " is missing");
            }
            partitions.put(id, new PartitionState(id, record));
        }
        lastJournal = store.applied();
        for (long number : Journal.numbers(directory)) {
            if (number > lastJournal) {
                replay(number);
            }
        }
        Journal.deleteUpTo(directory, lastJournal);
        return new ArrayList<>(partitions.values());
    }

    private void replay(long number) throws IOException {
        Map<Integer, PartitionState> touched = new TreeMap<>();
        long torn = Journal.replay(directory, number, (kind, id, contents) -> {
            PartitionState state = apply(kind, id, contents);
            if (state == null) {
                touched.remove(id);
            } else {
                touched.put(id, state);
            }
        });
        if (torn > 0L) {
            LOG.info("journal {} ends with {} bytes of a change that was not written whole", number, torn);
        }
        for (PartitionState state : touched.values()) {
            PartitionRecord record = state.record();
            long gone = store.removeBelow(state.id(), record.start());
            state.setStored(record.withStart(record.start(), record.size() - gone));
            store.putPartition(state.id(), state.record());
        }
        store.setApplied(number);
        store.commit();
        for (PartitionState state : touched.values()) {
            state.flushedTo(state.record().end());
        }
        lastJournal = number;
    }

    private @Nullable PartitionState apply(byte kind, int id, ByteBuffer contents) throws IOException {
        PartitionState state = partitions.get(id);
        switch (kind) {
            case Journal.STATE -> {
                byte[] bytes = new byte[contents.remaining()];
                contents.get(bytes);
                PartitionRecord next = PartitionRecord.decode(bytes);
                if (state == null) {
                    state = new PartitionState(id, next.withExtent(next.start(), next.start(), 0L));
                    partitions.put(id, state);
                } else {
                    PartitionRecord before = state.record();
                    long end = Math.max(before.end(), next.start());
                    state.setRecord(next.withExtent(next.start(), end, before.written(), before.size()));
                }
            }
            case Journal.BATCHES, Journal.BATCHES_AFTER -> {
                if (state == null) {
                    throw new IOException("journal: batches of a partition that was not made");
                }
                boolean says = kind == Journal.BATCHES_AFTER;
                putBatches(state, contents, says ? contents.getLong() : BatchHeader.baseOffset(contents, 0));
            }
            case Journal.DELETED -> {
                store.removePartition(id);
                partitions.remove(id);
                return null;
            }
            default -> throw new IOException("journal: a change of the unknown kind " + kind);
        }
        return state;
    }

    private void putBatches(PartitionState state, ByteBuffer batches, long behind) throws IOException {
        long follows = behind;
        int size;
        for (int at = batches.position(); at < batches.limit(); at += size) {
            size = BatchHeader.sizeInBytes(batches, at);
            PartitionRecord record = state.record();
            store.putBatch(state.id(), batches.slice(at, size), follows);
            follows = BatchHeader.lastOffset(batches, at) + 1L;
            state.setRecord(record.withExtent(record.start(), follows, record.size() + size));
        }
    }
}
