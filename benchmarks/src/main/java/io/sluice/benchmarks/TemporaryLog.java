package io.sluice.benchmarks;

import io.sluice.base.Time;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.RecordValidation;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.api.TopicConfigs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One log of an engine of its own, in a directory that goes with it. For one thread. */
final class TemporaryLog {
    private static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(7L, 9L), "events", 0);
    private static final long PRODUCER_EXPIRATION_MS = 86_400_000L;
    private static final int LEADER_EPOCH = 1;

    private final Path directory;
    private final PoolScheduler scheduler;
    private final StorageEngine engine;
    private final PartitionLog log;

    private TemporaryLog(Path directory, PoolScheduler scheduler, StorageEngine engine, PartitionLog log) {
        this.directory = directory;
        this.scheduler = scheduler;
        this.engine = engine;
        this.log = log;
    }

    static TemporaryLog open(StorageEngineFactory factory, RecordValidation validation) throws IOException {
        Path directory = Files.createTempDirectory("sluice-append");
        PoolScheduler scheduler = new PoolScheduler();
        StorageEngine engine = factory.open(new StorageContext(
                List.of(directory.resolve("logs")),
                directory.resolve("engine"),
                1,
                "cluster",
                Time.SYSTEM,
                scheduler,
                Map.of()));
        LogConfig config = LogConfig.from(Map.of(
                TopicConfigs.RECORD_VALIDATION, validation.configName(), TopicConfigs.FILE_DELETE_DELAY_MS, "0"));
        PartitionLog log = PartitionLog.open(
                PARTITION, engine.open(PARTITION, config), config, Time.SYSTEM, () -> PRODUCER_EXPIRATION_MS);
        log.load();
        return new TemporaryLog(directory, scheduler, engine, log);
    }

    AppendResult append(ByteBuffer batch) throws IOException {
        return log.appendAsLeader(batch, true, LEADER_EPOCH);
    }

    void empty() throws IOException {
        log.truncateFullyAndStartAt(0L);
    }

    void close() throws IOException, InterruptedException {
        log.close();
        engine.close();
        scheduler.close();
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
