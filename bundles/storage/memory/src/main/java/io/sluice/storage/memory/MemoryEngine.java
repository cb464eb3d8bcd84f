package io.sluice.storage.memory;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogDirectory;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Logs on the heap, within one budget. Its contents go to the next holder in types of the JDK; after the end of the process every log
 * begins where it ended.
 *
 * <p>What is handed over: {@code version}, and {@code logs}, a list of maps with {@code topic}, {@code partition}, {@code topicId} as two
 * longs, and {@code log}, the contents.
 */
final class MemoryEngine implements StorageEngine {
    private static final long VERSION = 1L;

    private final StorageContext context;
    private final HeapBudget budget;
    private final LogEndsFile ends;
    private final Map<TopicIdPartition, MemoryLog> logs = new HashMap<>();
    private boolean closed;

    private MemoryEngine(StorageContext context, HeapBudget budget, LogEndsFile ends) {
        this.context = context;
        this.budget = budget;
        this.ends = ends;
    }

    static MemoryEngine open(StorageContext context, long bytesMax) throws IOException {
        MemoryEngine engine =
                new MemoryEngine(context, new HeapBudget(bytesMax), LogEndsFile.read(context.engineDirectory()));
        engine.takeOver(context.handedOver());
        return engine;
    }

    private void takeOver(Map<String, Object> contents) throws IOException {
        if (contents.isEmpty()) {
            return;
        }
        Object version = contents.get("version");
        if (!Long.valueOf(VERSION).equals(version)) {
            throw new IOException("the memory engine cannot take over contents of version " + version);
        }
        for (Object entry : HandedOver.part(contents, "logs", List.class)) {
            Map<?, ?> map = (Map<?, ?>) entry;
            long[] id = HandedOver.part(map, "topicId", long[].class);
            TopicIdPartition partition = new TopicIdPartition(
                    new Uuid(id[0], id[1]),
                    HandedOver.part(map, "topic", String.class),
                    HandedOver.part(map, "partition", Integer.class));
            MemoryLog log = new MemoryLog(partition, LogConfig.DEFAULTS, context.time(), budget, ends);
            log.takeOver(HandedOver.part(map, "log", Map.class));
            logs.put(partition, log);
        }
    }

    @Override
    public synchronized LogStore open(TopicIdPartition partition, LogConfig config) throws IOException {
        if (closed) {
            throw new IOException("the engine is closed");
        }
        MemoryLog log =
                logs.computeIfAbsent(partition, added -> new MemoryLog(added, config, context.time(), budget, ends));
        if (log.isOpen()) {
            throw new IOException(partition + " is open already");
        }
        log.open(config);
        return log;
    }

    @Override
    public synchronized void delete(TopicIdPartition partition) throws IOException {
        MemoryLog log = logs.get(partition);
        if (log != null) {
            if (log.isOpen()) {
                throw new IOException(partition + " is open");
            }
            logs.remove(partition);
            log.discard();
        }
        ends.remove(partition);
    }

    @Override
    public synchronized List<TopicIdPartition> stored() {
        Set<TopicIdPartition> all = new LinkedHashSet<>(logs.keySet());
        all.addAll(ends.partitions());
        return new ArrayList<>(all);
    }

    @Override
    public boolean isDurable() {
        return false;
    }

    @Override
    public List<LogDirectory> directories() {
        return List.of();
    }

    @Override
    public synchronized Map<String, Object> handOver() {
        List<Object> list = new ArrayList<>();
        for (MemoryLog log : logs.values()) {
            TopicIdPartition partition = log.partition();
            Map<String, Object> entry = new HashMap<>();
            entry.put("topic", partition.topic());
            entry.put("partition", partition.partition());
            entry.put("topicId", new long[] {
                partition.topicId().mostSignificantBits(), partition.topicId().leastSignificantBits()
            });
            entry.put("log", log.handOver());
            list.add(entry);
        }
        return Map.of("version", VERSION, "logs", list);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        IOException failure = null;
        for (MemoryLog log : logs.values()) {
            try {
                log.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        logs.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
