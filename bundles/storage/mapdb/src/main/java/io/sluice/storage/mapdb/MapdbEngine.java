package io.sluice.storage.mapdb;

import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many partitions in one MapDB store under the engine's directory, with a journal in front of it: {@code store-N} with its commits in
 * {@code store-N.commit}, {@code journal-N}, and {@code clean} while nobody has it open. A store that is damaged is moved to {@code
 * quarantine}, and the engine is not opened until somebody decides.
 *
 * <p>As long as there is no partition there is no store, so that an engine that nobody uses reads and writes nothing and loads none of
 * MapDB's classes.
 */
final class MapdbEngine implements StorageEngine {
    private final StorageContext context;
    private final Path directory;
    private @Nullable OpenStore store;
    private boolean closed;

    private MapdbEngine(StorageContext context) {
        this.context = context;
        this.directory = context.engineDirectory();
    }

    static MapdbEngine open(StorageContext context) throws IOException {
        MapdbEngine engine = new MapdbEngine(context);
        new Quarantine(engine.directory).requireNone();
        if (!StoreFiles.all(engine.directory).isEmpty()
                || !Journal.numbers(engine.directory).isEmpty()) {
            engine.store();
        }
        return engine;
    }

    private OpenStore store() throws IOException {
        if (closed) {
            throw new IOException("the mapdb engine is closed");
        }
        OpenStore known = store;
        if (known == null) {
            known = OpenStore.open(context);
            store = known;
        }
        return known;
    }

    @Override
    public synchronized LogStore open(TopicIdPartition partition, LogConfig config) throws IOException {
        return store().open(partition, config);
    }

    @Override
    public synchronized void delete(TopicIdPartition partition) throws IOException {
        if (store != null || closed) {
            store().delete(partition);
        }
    }

    @Override
    public synchronized List<TopicIdPartition> stored() {
        return store == null ? List.of() : store.stored();
    }

    /** Its own, as soon as there is anything in it. */
    @Override
    public synchronized List<LogDirectory> directories() {
        return store == null ? List.of() : List.of(described());
    }

    private LogDirectory described() {
        try {
            FileStore disk = Files.getFileStore(directory);
            return new LogDirectory(directory, disk.getTotalSpace(), disk.getUsableSpace());
        } catch (IOException e) {
            return new LogDirectory(directory, 0L, 0L, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (store != null) {
            store.close();
        }
    }
}
