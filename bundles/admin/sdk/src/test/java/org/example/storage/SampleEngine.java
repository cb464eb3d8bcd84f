package org.example.storage;

import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A directory for each partition, beneath the engine's own. Any thread. */
final class SampleEngine implements StorageEngine {
    private final Path directory;
    private final Time time;
    private final Map<TopicIdPartition, SampleLog> open = new HashMap<>();
    private final Set<Path> kept = new TreeSet<>();
    private boolean closed;

    private SampleEngine(Path directory, Time time) {
        this.directory = directory;
        this.time = time;
    }

    static SampleEngine open(Path directory, Time time) throws IOException {
        Files.createDirectories(directory);
        SampleEngine engine = new SampleEngine(directory, time);
        try (Stream<Path> children = Files.list(directory)) {
            children.filter(child -> Files.exists(child.resolve(LogMeta.NAME))).forEach(engine.kept::add);
        }
        return engine;
    }

    private Path directoryOf(TopicIdPartition partition) {
        return directory.resolve(partition.topicId() + "-" + partition.partition());
    }

    @Override
    public synchronized LogStore open(TopicIdPartition partition, LogConfig config) throws IOException {
        if (closed) {
            throw new IOException("the engine is closed");
        }
        SampleLog present = open.get(partition);
        if (present != null && present.isOpen()) {
            throw new IOException(partition + " is open already");
        }
        SampleLog log = SampleLog.open(directoryOf(partition), partition, config, time);
        open.put(partition, log);
        kept.add(directoryOf(partition));
        return log;
    }

    @Override
    public synchronized void delete(TopicIdPartition partition) throws IOException {
        SampleLog log = open.get(partition);
        if (log != null && log.isOpen()) {
            throw new IOException(partition + " is open");
        }
        open.remove(partition);
        Path gone = directoryOf(partition);
        Files.deleteIfExists(gone.resolve(LogMeta.NAME)); // without it the directory is no partition's
        kept.remove(gone);
        if (Files.isDirectory(gone)) {
            List<Path> files;
            try (Stream<Path> children = Files.list(gone)) {
                files = children.toList();
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.delete(gone);
        }
    }

    @Override
    public synchronized List<TopicIdPartition> stored() {
        return kept.stream().map(LogMeta::partitionOf).toList();
    }

    @Override
    public List<LogDirectory> directories() {
        try {
            FileStore store = Files.getFileStore(directory);
            return List.of(new LogDirectory(directory, store.getTotalSpace(), store.getUsableSpace()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("the space of " + directory + " is not known", e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        IOException failure = null;
        for (SampleLog log : open.values()) {
            try {
                log.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        open.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
