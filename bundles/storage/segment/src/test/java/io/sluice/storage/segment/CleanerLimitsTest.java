package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.LogConfig;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageContext;
import io.sluice.storage.api.TransactionMarker;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import io.sluice.storage.kit.ManualScheduler;
import io.sluice.storage.kit.ManualTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compaction may take, and what it leaves of producers and transactions. */
final class CleanerLimitsTest {
    private static final String[] COMPACTED = {
        "cleanup.policy", "compact",
        "internal.segment.bytes", "20000",
        "min.cleanable.dirty.ratio", "0.01",
        "delete.retention.ms", "1000"
    };

    @TempDir
    Path data;

    private final Map<String, String> keys = new HashMap<>();
    private final ManualTime time = new ManualTime();
    private SegmentEngine engine;
    private SegmentedLog store;
    private PartitionLog log;

    @BeforeEach
    void open() throws IOException {
        open(COMPACTED);
    }

    private void open(String... configuration) throws IOException {
        engine = SegmentEngine.open(new StorageContext(
                List.of(data.resolve("logs")),
                data.resolve("engine"),
                1,
                "cluster",
                time,
                new ManualScheduler(),
                keys::get,
                Map.of()));
        LogConfig parsed = config(configuration);
        store = (SegmentedLog) engine.open(EngineFixture.PARTITION, parsed);
        log = PartitionLog.open(EngineFixture.PARTITION, store, parsed, time, () -> Long.MAX_VALUE);
    }

    private void put(RecordBatchBuilder batch, String... keysAndValues) throws IOException {
        for (int i = 0; i < keysAndValues.length; i += 2) {
            batch.append(Batches.bytes(keysAndValues[i]), Batches.bytes(keysAndValues[i + 1]), time.milliseconds());
        }
        assertThat(log.appendAsLeader(batch.build(), true, 0)).isInstanceOf(AppendResult.Appended.class);
    }

    private void fill() throws IOException {
        for (int i = 0; i < 60; i++) {
            put(new RecordBatchBuilder(), "filler", "x".repeat(1_000));
        }
    }

    private List<Batches.Read> records() throws IOException {
        return readAll(store, 0L, 1 << 20);
    }

    @Test
    void shouldGoOverTheLogAsOftenAsItsKeysNeed() throws IOException {
        keys.put("log.cleaner.dedupe.buffer.size", "1");
        int distinct = 40_000; // the least memory that is taken has room for some 12,000
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < distinct; i += 1_000) {
                RecordBatchBuilder batch = new RecordBatchBuilder();
                for (int key = i; key < i + 1_000; key++) {
                    batch.append(Batches.bytes("k" + key), Batches.bytes("v" + round), time.milliseconds());
                }
                log.appendAsLeader(batch.build(), true, 0);
            }
        }
        fill();
        log.maintain(log.logEndOffset());
        long active = store.segments().active().baseOffset();
        assertThat(store.cleanedOffset()).isEqualTo(active);
        List<Batches.Read> left =
                records().stream().filter(read -> !"filler".equals(read.key())).toList();
        assertThat(left).hasSize(distinct).allMatch(read -> "v1".equals(read.value()));
    }

    @Test
    void shouldNotCompactWhenThatIsOff() throws IOException {
        keys.put("log.cleaner.enable", "false");
        fill();
        assertThat(log.maintain(log.logEndOffset()).compactedBytes()).isZero();
        keys.put("log.cleaner.enable", "true");
        assertThat(log.maintain(log.logEndOffset()).compactedBytes()).isPositive();
    }

    @Test
    void shouldMoveNoMoreBytesInASecondThanItMay() {
        AtomicLong waitedMs = new AtomicLong();
        IoThrottle throttle = new IoThrottle(time, () -> 1_000.0, nanos -> {
            waitedMs.addAndGet(nanos / 1_000_000L);
            time.advance(nanos / 1_000_000L);
        });
        for (int i = 0; i < 50; i++) {
            throttle.spend(100L, () -> false);
        }
        assertThat(waitedMs.get()).isBetween(4_900L, 5_100L);
        waitedMs.set(0L);
        throttle.spend(1_000_000L, () -> true);
        assertThat(waitedMs.get()).isZero();
    }

    @Test
    void shouldKeepAProducersSequenceWhenAllOfItsRecordsAreSuperseded() throws IOException {
        put(new RecordBatchBuilder().producer(7L, (short) 2, 0), "filler", "a", "filler", "b");
        put(new RecordBatchBuilder().producer(7L, (short) 2, 2), "filler", "c");
        fill();
        log.maintain(log.logEndOffset());
        assertThat(records()).noneMatch(read -> read.offset() < 3L);
        log.close();
        try (var files = Files.newDirectoryStream(data.resolve("logs/orders-eu-3"), "*.snapshot")) {
            for (Path snapshot : files) {
                Files.delete(snapshot);
            }
        }
        engine.close();
        open();
        assertThat(log.producers()).singleElement().satisfies(producer -> {
            assertThat(producer.producerId()).isEqualTo(7L);
            assertThat(producer.lastSequence()).isEqualTo(2);
        });
        put(new RecordBatchBuilder().producer(7L, (short) 2, 3), "k", "next");
    }

    @Test
    void shouldNotBelieveADamagedBatchAndNotMakeItLookWhole() throws IOException {
        put(new RecordBatchBuilder(), "filler", "first");
        ByteBuffer damaged = Batches.keyed(time.milliseconds(), "k", "new");
        put(new RecordBatchBuilder(), "k", "old");
        long offset = store.logEndOffset();
        new RecordBatchView().wrap(damaged, 0).setBaseOffset(offset);
        damaged.put(damaged.limit() - 2, (byte) 'X');
        store.append(damaged, offset, offset, time.milliseconds(), offset);
        fill();
        log.maintain(log.logEndOffset());
        ByteBuffer kept =
                Batches.take(store.read(offset, 1, store.logEndOffset(), true).records());
        assertThat(kept).isEqualTo(damaged);
        ByteBuffer old = Batches.take(store.read(offset - 1L, 1, offset, true).records());
        assertThat(Batches.values(old)).containsExactly("old");
    }

    @Test
    void shouldDropWhatWasAbortedAndKeepWhatItWouldHaveSuperseded() throws IOException {
        put(new RecordBatchBuilder(), "k", "committed");
        put(new RecordBatchBuilder().producer(9L, (short) 0, 0).transactional(true), "k", "aborted");
        ByteBuffer marker = new TransactionMarker(false, 1).toBatch(9L, (short) 0, time.milliseconds());
        assertThat(log.appendAsLeader(marker, false, 0)).isInstanceOf(AppendResult.Appended.class);
        put(new RecordBatchBuilder().producer(8L, (short) 0, 0).transactional(true), "j", "kept");
        ByteBuffer commit = new TransactionMarker(true, 1).toBatch(8L, (short) 0, time.milliseconds());
        assertThat(log.appendAsLeader(commit, false, 0)).isInstanceOf(AppendResult.Appended.class);
        fill();
        log.committed(log.logEndOffset());
        log.maintain(log.logEndOffset());
        assertThat(records())
                .filteredOn(read -> "k".equals(read.key()))
                .singleElement()
                .satisfies(read -> assertThat(read.value()).isEqualTo("committed"));
        assertThat(records()).extracting(Batches.Read::value).contains("kept");
    }

    @Test
    void shouldGiveFilesTheirFullSizeAndTakeItBack() throws IOException {
        log.close();
        engine.close();
        String[] preallocated = {"internal.segment.bytes", "20000", "preallocate", "true"};
        open(preallocated);
        fill();
        Path folder = data.resolve("logs/orders-eu-3");
        store.segments().active().file().settle();
        Path active = store.segments().active().path();
        assertThat(Files.size(active)).isEqualTo(20_000L);
        assertThat(Files.size(store.segments().first().path()))
                .isEqualTo(store.segments().first().sizeInBytes());
        long end = log.logEndOffset();

        open(preallocated); // as if the process had been killed
        assertThat(log.logEndOffset()).isEqualTo(end);
        assertThat(store.damage()).isEmpty();
        assertThat(records()).hasSize(60);
        put(new RecordBatchBuilder(), "k", "after");
        log.close();
        assertThat(store.segments().active().path()).satisfies(file -> assertThat(Files.size(file))
                .isEqualTo(store.segments().active().sizeInBytes()));
        assertThat(folder).isDirectory();
    }
}
