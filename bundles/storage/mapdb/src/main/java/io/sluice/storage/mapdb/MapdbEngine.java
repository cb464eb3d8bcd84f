package io.sluice.storage.mapdb;

import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Many partitions in one MapDB store under the engine's directory, with a journal in front of it: {@code store-N} with MapDB's own
 * {@code store-N.wal.*}, {@code journal-N}, and {@code clean} while nobody has it open. A store that cannot be read is moved to {@code
 * quarantine}, and the engine is not opened until somebody decides.
 */
final class MapdbEngine implements StorageEngine {
    private static final String CLEAN = "clean";

    private final StorageContext context;
    private final Path directory;
    private final Changes changes;
    private final Map<TopicIdPartition, PartitionState> partitions = new HashMap<>();
    private int lastId;
    private boolean closed;

    private MapdbEngine(StorageContext context, Changes changes, List<PartitionState> known) {
        this.context = context;
        this.directory = context.engineDirectory();
        this.changes = changes;
        for (PartitionState state : known) {
            partitions.put(state.partition(), state);
            lastId = Math.max(lastId, state.id());
        }
    }

    static MapdbEngine open(StorageContext context, Journal.Opener opener) throws IOException {
        Path directory = context.engineDirectory();
        Files.createDirectories(directory);
        Quarantine quarantine = new Quarantine(directory);
        quarantine.requireNone();
        boolean clean = Files.deleteIfExists(directory.resolve(CLEAN));
        BatchStore store;
        try {
            store = BatchStore.open(StoreFiles.current(directory));
        } catch (IOException e) {
            throw quarantine.put(e);
        }
        try {
            StoreRecovery recovery = new StoreRecovery(store, directory);
            List<PartitionState> known;
            try {
                known = recovery.load(clean);
            } catch (DamagedStoreException e) {
                store.close();
                throw quarantine.put(e);
            }
            Changes changes = new Changes(directory, context.scheduler(), opener, store, recovery.lastJournal() + 1L);
            return new MapdbEngine(context, changes, known);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    @Override
    public synchronized LogStore open(TopicIdPartition partition, LogConfig config) throws IOException {
        requireOpen();
        PartitionState state = partitions.get(partition);
        if (state == null) {
            state = new PartitionState(lastId + 1, PartitionRecord.empty(partition));
            changes.update(state, record -> record);
            lastId++;
            partitions.put(partition, state);
        } else if (state.isOpen()) {
            throw new IOException(partition + " is open already");
        }
        state.setOpen(true);
        return new MapdbLog(state, config, changes, directory, context.time());
    }

    @Override
    public synchronized void delete(TopicIdPartition partition) throws IOException {
        requireOpen();
        PartitionState state = partitions.get(partition);
        if (state == null) {
            return;
        }
        if (state.isOpen()) {
            throw new IOException(partition + " is open");
        }
        changes.delete(state);
        partitions.remove(partition);
    }

    @Override
    public synchronized List<TopicIdPartition> stored() {
        return new ArrayList<>(partitions.keySet());
    }

    /** None: what lies in the store is no log directory of anybody. */
    @Override
    public List<LogDirectory> directories() {
        return List.of();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the mapdb engine is closed");
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        changes.close();
        Files.write(directory.resolve(CLEAN), ByteBuffer.allocate(0).array());
    }
}
