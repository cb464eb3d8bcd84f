package io.sluice.storage.kit;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An engine over a directory that can be closed, crashed and opened again. */
public final class EngineFixture {
    public static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(7L, 9L), "orders-eu", 3);
    private static final long PRODUCER_EXPIRATION_MS = 86_400_000L;

    private final StorageEngineFactory factory;
    private final Path logs;
    private final Path engineDirectory;
    private final Function<String, @Nullable String> brokerConfig;
    private final ManualTime time = new ManualTime();
    private final List<StorageEngine> abandoned = new ArrayList<>();
    private ManualScheduler scheduler = new ManualScheduler();
    private StorageEngine engine;

    public EngineFixture(StorageEngineFactory factory, Path data) throws IOException {
        this(factory, data.resolve("logs"), data.resolve("engine"), key -> null);
    }

    /**
     * @param logs the log directory
     * @param engineDirectory the engine's own
     * @param brokerConfig the values of the broker's keys
     */
    public EngineFixture(
            StorageEngineFactory factory,
            Path logs,
            Path engineDirectory,
            Function<String, @Nullable String> brokerConfig)
            throws IOException {
        this.factory = factory;
        this.logs = logs;
        this.engineDirectory = engineDirectory;
        this.brokerConfig = brokerConfig;
        this.engine = factory.open(context(Map.of()));
    }

    private StorageContext context(Map<String, Object> handedOver) {
        return new StorageContext(
                List.of(logs), engineDirectory, 1, "cluster", time, scheduler, brokerConfig, handedOver);
    }

    public Path logs() {
        return logs;
    }

    public ManualTime time() {
        return time;
    }

    public ManualScheduler scheduler() {
        return scheduler;
    }

    public StorageEngine engine() {
        return engine;
    }

    /** Defaults with some values changed, given as key and value in turn; small segments are allowed. */
    public static LogConfig config(String... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return LogConfig.from(values);
    }

    public LogStore store(String... config) throws IOException {
        return engine.open(PARTITION, config(config));
    }

    public PartitionLog log(String... config) throws IOException {
        LogConfig parsed = config(config);
        return PartitionLog.open(PARTITION, engine.open(PARTITION, parsed), parsed, time, () -> PRODUCER_EXPIRATION_MS);
    }

    /** Closes the engine, hands over what it gives, and opens the next: a bundle's update. */
    public void update() throws IOException {
        Map<String, Object> contents = engine.handOver();
        engine.close();
        scheduler = new ManualScheduler();
        engine = factory.open(context(contents));
    }

    /** Closes the engine and opens another over the same directory: a clean restart. */
    public void restart() throws IOException {
        engine.close();
        scheduler = new ManualScheduler();
        engine = factory.open(context(Map.of()));
    }

    /** Opens another engine over the same directory as if the process had been killed. */
    public void crash() throws IOException {
        abandoned.add(engine);
        scheduler = new ManualScheduler();
        engine = factory.open(context(Map.of()));
    }

    /** Everything from an offset to the end, as records; read in pieces of that many bytes. */
    public static List<Batches.Read> readAll(LogStore store, long from, int maxBytes) throws IOException {
        List<Batches.Read> all = new ArrayList<>();
        long next = from;
        while (next < store.logEndOffset()) {
            LogRead read = store.read(next, maxBytes, store.logEndOffset(), true);
            ByteBuffer bytes = Batches.take(read.records());
            List<Batches.Read> records = Batches.read(bytes);
            if (records.isEmpty()) {
                break;
            }
            all.addAll(records);
            next = records.get(records.size() - 1).offset() + 1;
        }
        return all.stream().filter(read -> read.offset() >= from).toList();
    }

    public static List<String> values(LogStore store) throws IOException {
        return readAll(store, store.logStartOffset(), 1 << 20).stream()
                .map(read -> String.valueOf(read.value()))
                .toList();
    }

    /** Appends one batch of values at the log's end. */
    public static void append(LogStore store, long timestampMs, String... values) throws IOException {
        long first = store.logEndOffset();
        long last = first + values.length - 1;
        store.append(Batches.at(first, timestampMs, values), first, last, timestampMs, last);
    }
}
