package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.MigrationStatus;
import io.sluice.replication.local.LocalReplicationFactory;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.memory.MemoryEngineFactory;
import io.sluice.storage.segment.SegmentEngineFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * One partition over the segment engine in two directories, which count as two engines, and over the memory engine; it moves between them
 * step by step, and whatever is in memory can go away between any two steps.
 */
abstract class MigrationFixture {
    static final String OLD = "old";
    static final String NEW = "new";
    static final TopicIdPartition ID = new TopicIdPartition(KernelFixture.TOPIC_ID, new TopicPartition("t", 0));

    @TempDir
    Path data;

    KernelFixture kernel;
    TopicMigrations migrations;
    Partition partition;
    String configured = OLD;
    private Map<String, String> topic = Map.of();
    final List<String> written = new ArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        start();
    }

    @AfterEach
    void end() {
        kernel.engines.all().forEach(host -> host.role().shutdown());
    }

    /** The topic's configuration from the next start on. */
    void configure(Map<String, String> configs) {
        topic = configs;
    }

    void start() throws IOException {
        kernel = new KernelFixture(data);
        kernel.offerReplication(new LocalReplicationFactory());
        offer(OLD);
        offer(NEW);
        kernel.engines.offer(
                "memory", new PartRole.Candidate<>(new MemoryEngineFactory(64L << 20), "memory", 0, "memory", "1.0.0"));
        migrations = kernel.migrations(data.resolve("migrations"));
        migrations.load();
        partition = new Partition(
                ID, migrations.engineOf(ID, configured), LogConfig.from(topic), KernelFixture.state(3), true, kernel);
        kernel.table.add(partition);
        if (migrations.admit(partition)) {
            kernel.engines.host(partition.engine()).add(partition);
        }
        migrations.forgetUnknown();
    }

    void offer(String engine) {
        kernel.engines.offer(engine, new PartRole.Candidate<>(files(), engine, 0, engine, "1.0.0"));
    }

    /** The segment engine in a directory of its own. */
    static StorageEngineFactory files() {
        return context -> new SegmentEngineFactory()
                .open(new StorageContext(
                        List.of(context.engineDirectory()),
                        context.engineDirectory(),
                        context.nodeId(),
                        context.clusterId(),
                        context.time(),
                        context.scheduler(),
                        context.handedOver()));
    }

    /** The broker ends as it is, and another one begins on the same data. */
    void crash() throws IOException {
        start();
    }

    void write(int records) {
        for (int i = 0; i < records; i++) {
            String value = "value-" + written.size();
            kernel.append(partition, 1, value);
            written.add(value);
        }
    }

    List<String> read() {
        return readFrom(0L);
    }

    List<String> readFrom(long start) {
        List<String> all = new ArrayList<>();
        while (true) {
            List<String> some = kernel.values(partition, start + all.size());
            if (some.isEmpty()) {
                return all;
            }
            all.addAll(some);
        }
    }

    void settle() {
        kernel.clock.pass(200);
    }

    MigrationStatus status() {
        List<MigrationStatus> all = migrations.statuses();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    List<Path> foldersIn(String engine) throws IOException {
        if (!Files.exists(data.resolve(engine))) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(data.resolve(engine))) {
            return list.filter(Files::isDirectory)
                    .filter(folder -> folder.getFileName().toString().equals("t-0"))
                    .toList();
        }
    }
}
