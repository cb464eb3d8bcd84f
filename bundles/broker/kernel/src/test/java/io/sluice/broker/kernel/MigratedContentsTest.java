package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.TransactionMarker;
import io.sluice.storage.kit.Batches;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the logs that move: compacted keys, transactions, and a start that moves meanwhile. */
class MigratedContentsTest extends MigrationFixture {
    private static final long PRODUCER = 7L;
    private static final Map<String, String> COMPACTED = Map.of(
            "cleanup.policy", "compact",
            "internal.segment.bytes", "2000",
            "min.cleanable.dirty.ratio", "0.0",
            "delete.retention.ms", "0",
            "file.delete.delay.ms", "0");

    private final Map<String, String> table = new HashMap<>();

    private void restart(Map<String, String> configs) throws Exception {
        configure(configs);
        crash();
        kernel.clock.run();
    }

    private void put(String key, String value) {
        kernel.append(partition, 1, Batches.keyed(kernel.clock.milliseconds(), key, value));
        table.put(key, value);
    }

    private void delete(String key) {
        kernel.append(partition, 1, Batches.keyed(kernel.clock.milliseconds(), key, null));
        table.remove(key);
    }

    /** What a reader of all records takes for true. */
    private Map<String, String> seen() {
        Map<String, String> seen = new HashMap<>();
        long next = partition.status().logStartOffset();
        while (next < partition.status().logEndOffset()) {
            List<Batches.Read> some =
                    Batches.read(Batches.take(kernel.fetch(partition, next).records()));
            if (some.isEmpty()) {
                return seen;
            }
            for (Batches.Read read : some) {
                if (read.value() == null) {
                    seen.remove(read.key());
                } else {
                    seen.put(String.valueOf(read.key()), read.value());
                }
                next = read.offset() + 1L;
            }
        }
        return seen;
    }

    private void maintain(int rounds) throws Exception {
        for (int i = 0; i < rounds; i++) {
            kernel.clock.pass(1_000);
            partition.maintain();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNotBringBackWhatWasDeletedWhileItWasCopied(boolean crashes) throws Exception {
        restart(COMPACTED);
        for (int i = 0; i < 100; i++) {
            put("key-" + i, "value-" + i);
        }
        long bytes = partition.status().sizeInBytes();
        migrations.start("t", NEW, bytes / 20L, false);
        kernel.clock.pass(2_000);
        assertThat(status().copyEndOffset()).isBetween(1L, 90L);
        for (int i = 0; i < 20; i++) {
            delete("key-" + i);
        }
        for (int i = 100; i < 200; i++) {
            put("key-" + i % 110, "later-" + i);
        }
        maintain(4);
        if (crashes) {
            crash();
            kernel.clock.run();
            maintain(4);
        }
        assertThat(status().phase()).isEqualTo("copying");
        migrations.throttle("t", 0L);
        settle();
        assertThat(partition.engine()).isEqualTo(NEW);
        assertThat(seen()).isEqualTo(table);
        maintain(4);
        assertThat(seen()).isEqualTo(table);
        migrations.rollback("t");
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        assertThat(seen()).isEqualTo(table);
    }

    @Test
    void shouldCompactTheOldCopyInTheWindow() throws Exception {
        restart(COMPACTED);
        put("first", "1");
        migrations.start("t", NEW, 0L, false);
        settle();
        for (int i = 0; i < 600; i++) {
            put("key-" + i % 10, "value-" + i);
        }
        settle();
        long before = bytesIn(OLD);
        maintain(4);
        assertThat(bytesIn(OLD)).isLessThan(before / 2L);
        migrations.rollback("t");
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        assertThat(seen()).isEqualTo(table);
    }

    @Test
    void shouldLetTheOldCopyGoWithWhatRetentionTakes() throws Exception {
        restart(Map.of(
                "internal.segment.bytes", "2000",
                "retention.bytes", "10000",
                "retention.ms", "-1",
                "file.delete.delay.ms", "0"));
        write(100);
        migrations.start("t", NEW, 0L, false);
        settle();
        write(500);
        settle();
        maintain(3);
        long start = partition.status().logStartOffset();
        assertThat(start).isGreaterThan(100L);
        settle();
        maintain(1);
        assertThat(bytesIn(OLD)).isBetween(1L, 20_000L);
        write(10);
        migrations.rollback("t");
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        assertThat(partition.status().logStartOffset()).isEqualTo(start);
        assertThat(readFrom(start)).isEqualTo(written.subList((int) start, 610));
    }

    @Test
    void shouldFollowAStartThatMovesWhileItIsCopied() throws Exception {
        restart(Map.of());
        write(200);
        migrations.start("t", NEW, partition.status().sizeInBytes() / 4L, false);
        for (int i = 1; i <= 6; i++) {
            kernel.clock.pass(400);
            partition.deleteRecords(i * 30L);
        }
        migrations.throttle("t", 0L);
        settle();
        assertThat(partition.engine()).isEqualTo(NEW);
        assertThat(partition.status().logStartOffset()).isEqualTo(180L);
        assertThat(kernel.values(partition, 180L)).isEqualTo(written.subList(180, 200));
    }

    private long bytesIn(String engine) throws Exception {
        long bytes = 0L;
        for (Path folder : foldersIn(engine)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    bytes += file.toString().endsWith(".log") ? Files.size(file) : 0L;
                }
            }
        }
        return bytes;
    }

    // ---- transactions

    private void append(ByteBuffer batch) {
        AppendTicket ticket = kernel.table.append(
                List.of(new AppendEntry(
                        partition.id().topicPartition(), partition.id().topicId(), batch)),
                (short) 1,
                1_000,
                AppendOrigin.COORDINATOR);
        assertThat(ticket.outcome(0).error()).isEqualTo(ErrorCode.NONE);
    }

    private void transaction(int sequence, String... values) {
        append(Batches.transactional(PRODUCER, 0, sequence, 1_000L, values));
    }

    private void end(boolean commit) {
        append(new TransactionMarker(commit, 1).toBatch(PRODUCER, (short) 0, 1_000L));
    }

    private FetchOutcome committed() {
        return kernel.table.fetch(new FetchPosition(partition.id(), 0L, -1, -1, true), 1_000_000, true);
    }

    private void assertCommitted(long lastStableOffset, AbortedTransaction... aborted) {
        FetchOutcome outcome = committed();
        outcome.records().release();
        assertThat(outcome.lastStableOffset()).isEqualTo(lastStableOffset);
        assertThat(outcome.abortedTransactions()).containsExactly(aborted);
    }

    @ParameterizedTest
    @ValueSource(strings = {NEW, "memory"})
    void shouldCarryOpenAndAbortedTransactionsThereAndBack(String engine) throws Exception {
        restart(Map.of());
        append(Batches.of(1_000L, "a"));
        transaction(0, "b");
        end(false);
        transaction(1, "c");
        AbortedTransaction first = new AbortedTransaction(PRODUCER, 1L, 2L, 3L);
        assertCommitted(3L, first);
        migrations.start("t", engine, 0L, true);
        settle();
        assertThat(partition.engine()).isEqualTo(engine);
        assertCommitted(3L, first);
        transaction(2, "d");
        end(false);
        AbortedTransaction second = new AbortedTransaction(PRODUCER, 3L, 5L, 6L);
        assertCommitted(6L, first, second);
        transaction(3, "e");
        migrations.rollback("t");
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        assertCommitted(6L, first, second);
        end(true);
        assertCommitted(8L, first, second);
        assertThat(kernel.values(partition, 0L)).contains("a", "b", "c", "d", "e");
    }

    @Test
    void shouldCarryAnOpenTransactionOverACrash() throws Exception {
        restart(Map.of());
        transaction(0, "a");
        migrations.start("t", NEW, 0L, false);
        settle();
        transaction(1, "b");
        crash();
        settle();
        assertThat(partition.engine()).isEqualTo(NEW);
        assertCommitted(0L);
        migrations.rollback("t");
        settle();
        assertThat(partition.engine()).isEqualTo(OLD);
        end(false);
        assertCommitted(3L, new AbortedTransaction(PRODUCER, 0L, 2L, 3L));
    }
}
