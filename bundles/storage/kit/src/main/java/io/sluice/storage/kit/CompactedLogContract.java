package io.sluice.storage.kit;

import static io.sluice.storage.kit.EngineFixture.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.storage.api.AppendResult.Appended;
import io.sluice.storage.api.EngineCapability;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.api.TransactionMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code cleanup.policy=compact} means over every engine that claims {@link EngineCapability#COMPACTION}. */
public abstract class CompactedLogContract {
    private static final int EPOCH = 5;
    private static final String[] CONFIG = {
        "cleanup.policy",
        "compact",
        "internal.segment.bytes",
        "400",
        "delete.retention.ms",
        "1000",
        "min.cleanable.dirty.ratio",
        "0.01"
    };

    @TempDir
    protected Path data;

    private EngineFixture engine;
    private PartitionLog log;

    protected abstract StorageEngineFactory factory();

    @BeforeEach
    void open() throws IOException {
        StorageEngineFactory factory = factory();
        assumeTrue(factory.capabilities().contains(EngineCapability.COMPACTION));
        engine = new EngineFixture(factory, data);
        log = engine.log(CONFIG);
    }

    private long now() {
        return engine.time().milliseconds();
    }

    private void put(String key, @Nullable String value) throws IOException {
        assertThat(log.appendAsLeader(Batches.keyed(now(), key, value), true, EPOCH))
                .isInstanceOf(Appended.class);
    }

    private void fill(int records) throws IOException {
        for (int i = 0; i < records; i++) {
            put("filler", "f" + i);
        }
    }

    private void put(long producer, int sequence, String key, String value) throws IOException {
        ByteBuffer batch = new RecordBatchBuilder()
                .producer(producer, (short) 0, sequence)
                .transactional(true)
                .append(Batches.bytes(key), Batches.bytes(value), now())
                .build();
        assertThat(log.appendAsLeader(batch, true, EPOCH)).isInstanceOf(Appended.class);
    }

    private void end(long producer, boolean commit) throws IOException {
        ByteBuffer marker = new TransactionMarker(commit, 0).toBatch(producer, (short) 0, now());
        assertThat(log.appendAsLeader(marker, false, EPOCH, 0)).isInstanceOf(Appended.class);
    }

    private long compact() throws IOException {
        log.committed(log.logEndOffset());
        return log.maintain(log.logEndOffset()).compactedBytes();
    }

    private List<Batches.Read> all() throws IOException {
        return readAll(log.store(), log.logStartOffset(), 1 << 20).stream()
                .filter(read -> read.key() != null && !read.key().isEmpty())
                .toList();
    }

    private Map<String, String> latest() throws IOException {
        Map<String, String> latest = new HashMap<>();
        for (Batches.Read read : all()) {
            latest.put(String.valueOf(read.key()), String.valueOf(read.value()));
        }
        return latest;
    }

    @Test
    void shouldKeepTheLastRecordOfEachKeyAtItsOffsetAndTheLogsEnd() throws IOException {
        for (int round = 0; round < 30; round++) {
            for (int key = 0; key < 5; key++) {
                put("k" + key, "v" + round);
            }
        }
        Map<String, String> before = latest();
        long size = log.sizeInBytes();
        assertThat(compact()).isPositive();
        assertThat(log.sizeInBytes()).isLessThan(size / 4);
        assertThat(latest()).isEqualTo(before);
        assertThat(all()).extracting(Batches.Read::offset).isSorted().endsWith(149L);
        assertThat(log.logEndOffset()).isEqualTo(150);
        assertThat(log.damage()).isEmpty();
    }

    @Test
    void shouldNotCompactAboveTheHighWatermarkNorTheLastStableOffset() throws IOException {
        for (int i = 0; i < 50; i++) {
            put("same", "v" + i);
        }
        log.maintain(10);
        assertThat(all().stream().filter(read -> read.offset() >= 10)).hasSize(40);
        put(7, 0, "open", "undecided");
        for (int i = 0; i < 50; i++) {
            put("same", "w" + i);
        }
        compact();
        assertThat(all().stream().filter(read -> read.offset() >= 51)).hasSize(50);
        assertThat(latest()).containsEntry("open", "undecided");
        assertThat(all().size()).isLessThan(60);
    }

    @Test
    void shouldLetRecordsOfAbortedTransactionsSupersedeNothing() throws IOException {
        put("account", "10");
        put(7, 0, "account", "99");
        end(7, false);
        put(8, 0, "other", "5");
        end(8, true);
        fill(30);
        assertThat(compact()).isPositive();
        assertThat(latest()).containsEntry("account", "10").containsEntry("other", "5");
        assertThat(all()).extracting(Batches.Read::value).doesNotContain("99");
    }

    @Test
    void shouldKeepTombstonesForTheirTimeOnly() throws IOException {
        put("gone", "x");
        put("gone", null);
        fill(30);
        compact();
        assertThat(latest()).containsEntry("gone", "null");
        assertThat(all()).extracting(Batches.Read::value).doesNotContain("x");
        engine.time().advance(2000);
        fill(30);
        compact();
        assertThat(latest()).doesNotContainKey("gone");
    }

    @Test
    void shouldLeaveYoungRecordsAloneAndCompactOldOnesInTime() throws IOException {
        log.reconfigure(EngineFixture.config(
                "cleanup.policy",
                "compact",
                "internal.segment.bytes",
                "400",
                "min.cleanable.dirty.ratio",
                "1.0",
                "min.compaction.lag.ms",
                "5000",
                "max.compaction.lag.ms",
                "20000"));
        fill(30);
        assertThat(compact()).isZero();
        engine.time().advance(6000);
        fill(1);
        assertThat(compact()).isZero();
        engine.time().advance(20_000);
        fill(1);
        assertThat(compact()).isPositive();
        assertThat(all().size()).isLessThan(10);
    }
}
