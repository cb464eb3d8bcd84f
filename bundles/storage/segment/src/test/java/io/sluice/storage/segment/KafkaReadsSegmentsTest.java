package io.sluice.storage.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.compress.CompressionType;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.storage.internals.checkpoint.LeaderEpochCheckpointFile;
import org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile;
import org.apache.kafka.storage.internals.checkpoint.PartitionMetadataFile;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogSegment;
import org.apache.kafka.storage.internals.log.OffsetIndex;
import org.apache.kafka.storage.internals.log.OffsetPosition;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.apache.kafka.storage.internals.log.TimeIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's own classes read what the engine wrote. */
final class KafkaReadsSegmentsTest {
    private static final int INDEX_BYTES_MAX = 10 * 1024 * 1024;

    @TempDir
    Path data;

    private EngineFixture engine;
    private File folder;
    private final List<String> values = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        engine = new EngineFixture(new SegmentEngineFactory(), data);
        PartitionLog log = engine.log("internal.segment.bytes", "20000", "index.interval.bytes", "400");
        Random random = new Random(42);
        int sequence = 0;
        for (int i = 0; i < 300; i++) {
            String[] batch = new String[1 + random.nextInt(5)];
            for (int j = 0; j < batch.length; j++) {
                batch[j] = "v" + i + "-" + j + "x".repeat(random.nextInt(100));
                values.add(batch[j]);
            }
            long now = engine.time().milliseconds();
            ByteBuffer bytes = i % 3 == 0
                    ? Batches.compressed(CompressionType.LZ4, now, batch)
                    : Batches.idempotent(77, 2, sequence, now, batch);
            sequence += i % 3 == 0 ? 0 : batch.length;
            log.appendAsLeader(bytes, true, i / 100);
            engine.time().advance(random.nextInt(10));
            if (i % 50 == 0) {
                log.takeSnapshot();
                engine.scheduler().runPending();
            }
        }
        log.close();
        engine.engine().close();
        folder = engine.logs().resolve("orders-eu-3").toFile();
    }

    private List<Long> bases() {
        List<Long> bases = new ArrayList<>();
        for (String name : java.util.Objects.requireNonNull(folder.list())) {
            long base = LogFileNames.offsetOf(name, LogFileNames.LOG);
            if (base >= 0) {
                bases.add(base);
            }
        }
        bases.sort(null);
        return bases;
    }

    @Test
    void shouldBeReadRecordByRecord() throws IOException {
        List<String> read = new ArrayList<>();
        long expected = 0;
        assertThat(bases()).hasSizeGreaterThan(2);
        for (long base : bases()) {
            try (LogSegment segment = LogSegment.open(folder, base, new LogConfig(Map.of()), Time.SYSTEM, 0, false)) {
                segment.sanityCheck(false);
                for (FileChannelRecordBatch batch : segment.log().batches()) {
                    batch.ensureValid();
                    for (Record record : batch) {
                        assertThat(record.offset()).isEqualTo(expected++);
                        read.add(java.nio.charset.StandardCharsets.UTF_8
                                .decode(record.value())
                                .toString());
                    }
                }
                assertThat(segment.readNextOffset()).isEqualTo(expected);
            }
        }
        assertThat(read).isEqualTo(values);
    }

    @Test
    void shouldHaveOffsetIndexesWhoseEntriesPointAtTheirBatches() throws IOException {
        for (long base : bases()) {
            File file = new File(folder, LogFileNames.of(base, LogFileNames.INDEX));
            assertThat(file).exists();
            try (OffsetIndex index = new OffsetIndex(file, base, INDEX_BYTES_MAX, false);
                    LogSegment segment =
                            LogSegment.open(folder, base, new LogConfig(Map.of()), Time.SYSTEM, 0, false)) {
                index.sanityCheck();
                assertThat(index.entries()).isPositive();
                for (int i = 0; i < index.entries(); i++) {
                    OffsetPosition entry = index.entry(i);
                    long last = segment.log()
                            .batchesFrom(entry.position())
                            .iterator()
                            .next()
                            .lastOffset();
                    assertThat(entry.offset()).isEqualTo(last);
                }
            }
        }
    }

    @Test
    void shouldHaveTimeIndexesThatAreInOrder() throws IOException {
        for (long base : bases()) {
            File file = new File(folder, LogFileNames.of(base, LogFileNames.TIME_INDEX));
            try (TimeIndex index = new TimeIndex(file, base, INDEX_BYTES_MAX, false);
                    LogSegment segment =
                            LogSegment.open(folder, base, new LogConfig(Map.of()), Time.SYSTEM, 0, false)) {
                index.sanityCheck();
                assertThat(index.entries()).isPositive();
                long largest = -1;
                for (FileChannelRecordBatch batch : segment.log().batches()) {
                    largest = Math.max(largest, batch.maxTimestamp());
                }
                assertThat(index.lastEntry().timestamp()).isEqualTo(largest);
            }
        }
    }

    @Test
    void shouldHaveSnapshotsOfProducers() throws IOException {
        File newest = null;
        for (File file : java.util.Objects.requireNonNull(folder.listFiles())) {
            if (file.getName().endsWith(LogFileNames.SNAPSHOT)
                    && (newest == null || file.getName().compareTo(newest.getName()) > 0)) {
                newest = file;
            }
        }
        assertThat(newest).isNotNull().hasName(LogFileNames.of(values.size(), LogFileNames.SNAPSHOT));
        List<ProducerStateEntry> entries = ProducerStateManager.readSnapshot(newest);
        assertThat(entries).isNotEmpty().allSatisfy(entry -> assertThat(entry.producerId())
                .isEqualTo(77));
        ProducerStateEntry last = entries.get(entries.size() - 1);
        assertThat(last.producerEpoch()).isEqualTo((short) 2);
        assertThat(last.lastDataOffset()).isEqualTo(values.size() - 1L);
    }

    @Test
    void shouldHaveCheckpointsAndMetadata() throws IOException {
        LogDirFailureChannel failures = new LogDirFailureChannel(1);
        assertThat(new LeaderEpochCheckpointFile(new File(folder, LogFileNames.LEADER_EPOCHS), failures).read())
                .extracting(entry -> entry.epoch())
                .containsExactly(0, 1, 2);
        assertThat(new LeaderEpochFile(folder.toPath()).read()).hasSize(3).startsWith(new EpochEntry(0, 0));
        Map<org.apache.kafka.common.TopicPartition, Long> points = new OffsetCheckpointFile(
                        engine.logs().resolve(LogFileNames.RECOVERY_POINTS).toFile(), failures)
                .read();
        assertThat(points)
                .containsEntry(new org.apache.kafka.common.TopicPartition("orders-eu", 3), (long) values.size());
        PartitionMetadataFile metadata =
                new PartitionMetadataFile(new File(folder, LogFileNames.PARTITION_METADATA), failures);
        assertThat(metadata.read().topicId().toString())
                .isEqualTo(EngineFixture.PARTITION.topicId().toString());
        assertThat(Files.exists(engine.logs().resolve(".kafka_cleanshutdown"))).isTrue();
    }
}
