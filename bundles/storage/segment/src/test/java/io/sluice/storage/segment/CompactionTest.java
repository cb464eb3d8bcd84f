package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompactionTest {
    private static final String[] CONFIG = {
        "cleanup.policy",
        "compact",
        "internal.segment.bytes",
        "400",
        "delete.retention.ms",
        "1000",
        "min.cleanable.dirty.ratio",
        "0.01",
        "index.interval.bytes",
        "100"
    };

    @TempDir
    Path data;

    private EngineFixture engine;
    private LogStore store;

    @BeforeEach
    void open() throws IOException {
        engine = new EngineFixture(new SegmentEngineFactory(), data);
        store = engine.store(CONFIG);
    }

    private void put(ByteBuffer batch) throws IOException {
        long first = store.logEndOffset();
        RecordBatchView view = new RecordBatchView().wrap(batch, 0);
        view.setBaseOffset(first);
        store.append(batch, first, view.lastOffset(), view.maxTimestamp(), view.lastOffset());
    }

    private void put(String key, @Nullable String value) throws IOException {
        put(Batches.keyed(engine.time().milliseconds(), key, value));
    }

    private Map<String, @Nullable String> latest() throws IOException {
        Map<String, @Nullable String> state = new LinkedHashMap<>();
        for (Batches.Read read : readAll(store, store.logStartOffset(), 500)) {
            state.put(String.valueOf(read.key()), read.value());
        }
        return state;
    }

    @Test
    void shouldKeepTheLastRecordOfEachKeyAtItsOffset() throws IOException {
        for (int round = 0; round < 30; round++) {
            for (int key = 0; key < 5; key++) {
                put("k" + key, "v" + round);
            }
        }
        Map<String, @Nullable String> before = latest();
        long size = store.sizeInBytes();
        assertThat(store.maintain(store.logEndOffset()).compactedBytes()).isPositive();
        assertThat(store.sizeInBytes()).isLessThan(size / 4);
        assertThat(latest()).isEqualTo(before);
        assertThat(store.logEndOffset()).isEqualTo(150);
        assertThat(store.logStartOffset()).isZero();
        List<Batches.Read> all = readAll(store, 0, 1 << 20);
        assertThat(all).extracting(Batches.Read::offset).isSorted().endsWith(149L);
        put("k0", "after");
        assertThat(latest()).containsEntry("k0", "after");
    }

    @Test
    void shouldNotCompactAboveTheHighWatermark() throws IOException {
        for (int i = 0; i < 50; i++) {
            put("same", "v" + i);
        }
        store.maintain(10);
        assertThat(readAll(store, 10, 1 << 20)).hasSize(40);
        assertThat(readAll(store, 0, 1 << 20).size()).isLessThan(50);
    }

    @Test
    void shouldKeepTombstonesForTheirTimeOnly() throws IOException {
        put("gone", "x");
        put("gone", null);
        for (int i = 0; i < 20; i++) {
            put("filler", "v" + i);
        }
        store.maintain(store.logEndOffset());
        assertThat(latest()).containsKey("gone").containsEntry("gone", null);
        engine.time().advance(2000);
        for (int i = 0; i < 20; i++) {
            put("filler", "w" + i);
        }
        store.maintain(store.logEndOffset());
        assertThat(latest()).doesNotContainKey("gone");
    }

    @Test
    void shouldCopyWhatDoesNotDecode() throws IOException {
        ByteBuffer broken =
                Batches.compressed(CompressionType.GZIP, engine.time().milliseconds(), "x".repeat(50));
        broken.putInt(RecordBatchFormat.HEADER_BYTES, 0x12345678);
        new RecordBatchView().wrap(broken, 0).rewriteCrc();
        put(broken);
        for (int i = 0; i < 30; i++) {
            put("same", "v" + i);
        }
        store.maintain(store.logEndOffset());
        ByteBuffer first =
                Batches.take(store.read(0, 1, store.logEndOffset(), true).records());
        assertThat(first).isEqualTo(broken);
    }

    @Test
    void shouldCompactCompressedBatchesOfManyRecords() throws IOException {
        for (int i = 0; i < 20; i++) {
            RecordBatchBuilder builder = new RecordBatchBuilder().compression(CompressionType.LZ4);
            for (int key = 0; key < 4; key++) {
                builder.append(
                        Batches.bytes("k" + key),
                        Batches.bytes("v" + i),
                        engine.time().milliseconds());
            }
            put(builder.build());
        }
        Map<String, @Nullable String> before = latest();
        store.maintain(store.logEndOffset());
        assertThat(latest()).isEqualTo(before);
        assertThat(readAll(store, 0, 1 << 20).size()).isLessThan(60);
    }

    @Test
    void shouldFinishASwapThatACrashInterrupted() throws IOException {
        for (int i = 0; i < 40; i++) {
            put("k" + i % 3, "v" + i);
        }
        Map<String, @Nullable String> before = latest();
        Path folder = engine.logs().resolve("orders-eu-3");
        Path first = folder.resolve("00000000000000000000.log");
        Path second = folder.resolve("00000000000000000000.log.swap");
        engine.engine().close();
        Files.copy(first, second);
        Files.writeString(folder.resolve("00000000000000000007.log.cleaned"), "half");
        Files.delete(engine.logs().resolve(".kafka_cleanshutdown"));
        Files.delete(engine.logs().resolve(LogFileNames.CLEAN_LOGS));
        engine.crash();
        store = engine.store(CONFIG);
        assertThat(latest()).isEqualTo(before);
        assertThat(folder.toFile().list()).noneMatch(name -> name.endsWith(".swap") || name.endsWith(".cleaned"));
    }

    @Test
    void shouldRememberAfterARestartHowFarItCompacted() throws IOException {
        for (int i = 0; i < 50; i++) {
            put("k" + i % 3, "v" + i);
        }
        store.maintain(store.logEndOffset());
        Map<String, @Nullable String> before = latest();
        long size = store.sizeInBytes();
        engine.restart();
        store = engine.store(CONFIG);
        assertThat(store.maintain(store.logEndOffset()).compactedBytes()).isZero();
        assertThat(latest()).isEqualTo(before);
        assertThat(store.sizeInBytes()).isEqualTo(size);
        engine.crash();
        store = engine.store(CONFIG);
        assertThat(latest()).isEqualTo(before);
    }

    @Test
    void shouldRefuseRecordsWithoutKeys() throws IOException {
        store.close();
        PartitionLog log = engine.log(CONFIG);
        assertThat(log.appendAsLeader(Batches.of(engine.time().milliseconds(), "no key"), true, 0)
                        .toString())
                .contains("INVALID_RECORD");
    }
}
