package io.sluice.storage.mapdb;

import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The engine's store while it is open, with its partitions. The engine calls one method at a time. */
final class OpenStore {
    private static final String CLEAN = "clean";

    private final StorageContext context;
    private final Path directory;
    private final Changes changes;
    private final Map<TopicIdPartition, PartitionState> partitions = new HashMap<>();
    private int lastId;

    private OpenStore(StorageContext context, Changes changes, List<PartitionState> known) {
        this.context = context;
        this.directory = context.engineDirectory();
        this.changes = changes;
        for (PartitionState state : known) {
            partitions.put(state.partition(), state);
            lastId = Math.max(lastId, state.id());
        }
    }

    static OpenStore open(StorageContext context) throws IOException {
        Path directory = context.engineDirectory();
        Files.createDirectories(directory);
        Quarantine quarantine = new Quarantine(directory);
        boolean clean = Files.deleteIfExists(directory.resolve(CLEAN));
        BatchStore store;
        try {
            store = BatchStore.open(StoreFiles.current(directory));
        } catch (DamagedStoreException e) {
            throw quarantine.put(e);
        }
        try {
            StoreRecovery recovery = new StoreRecovery(store, directory);
            List<PartitionState> known;
            try {
                known = recovery.load();
            } catch (DamagedStoreException e) {
                store.close();
                throw quarantine.put(e);
            }
            Changes changes = new Changes(directory, context.scheduler(), store, recovery.lastJournal() + 1L);
            OpenStore opened = new OpenStore(context, changes, known);
            if (!clean) {
                context.scheduler().execute(new StoreScrub(known, changes, directory)::run);
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    LogStore open(TopicIdPartition partition, LogConfig config) throws IOException {
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

    void delete(TopicIdPartition partition) throws IOException {
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

    List<TopicIdPartition> stored() {
        return new ArrayList<>(partitions.keySet());
    }

    /** Leaves the mark of a clean end; nothing at all when there is no partition, so that the next start need not open it. */
    void close() throws IOException {
        changes.close();
        if (partitions.isEmpty()) {
            for (Path file : StoreFiles.all(directory)) {
                Files.delete(file);
            }
        } else {
            Files.write(directory.resolve(CLEAN), ByteBuffer.allocate(0).array());
        }
    }
}
