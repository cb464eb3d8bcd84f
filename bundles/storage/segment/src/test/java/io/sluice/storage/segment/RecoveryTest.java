package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.PARTITION;
import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static io.sluice.storage.kit.EngineFixture.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.CorruptRangeException;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.TimestampOffset;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecoveryTest {
    private static final String[] CONFIG = {"internal.segment.bytes", "600", "index.interval.bytes", "100"};

    @TempDir
    Path data;

    private EngineFixture engine;
    private LogStore store;

    @BeforeEach
    void open() throws IOException {
        engine = new EngineFixture(new SegmentEngineFactory(), data);
        store = engine.store(CONFIG);
    }

    private long now() {
        return engine.time().milliseconds();
    }

    private Path folder() {
        return engine.logs().resolve("orders-eu-3");
    }

    private void fill(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            append(store, now() + store.logEndOffset(), "v" + store.logEndOffset());
        }
    }

    private Path lastLog() {
        String newest = "";
        for (String name : Objects.requireNonNull(folder().toFile().list())) {
            if (name.endsWith(".log") && name.compareTo(newest) > 0) {
                newest = name;
            }
        }
        return folder().resolve(newest);
    }

    /** As if the machine, not only the process, had gone down. */
    private void crashMachine() throws IOException {
        Files.deleteIfExists(engine.logs().resolve(LogFileNames.BOOT_ID));
        engine.crash();
        store = engine.store(CONFIG);
    }

    @Test
    void shouldCutATornTail() throws IOException {
        fill(20);
        ByteBuffer torn = Batches.at(20, now(), "torn");
        torn.limit(torn.limit() - 3);
        Files.write(lastLog(), bytes(torn), StandardOpenOption.APPEND);
        engine.crash();
        store = engine.store(CONFIG);
        assertThat(store.logEndOffset()).isEqualTo(20);
        append(store, now(), "next");
        assertThat(values(store)).hasSize(21).endsWith("v19", "next");
    }

    @Test
    void shouldCutGarbageAfterTheLastBatch() throws IOException {
        fill(20);
        Files.write(lastLog(), new byte[300], StandardOpenOption.APPEND);
        engine.crash();
        store = engine.store(CONFIG);
        assertThat(values(store)).hasSize(20);
        crashMachine();
        assertThat(values(store)).hasSize(20);
    }

    private void overwrite(Path file, long position, int... bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(position < 0 ? open.length() + position : position);
            for (int value : bytes) {
                open.write(value);
            }
        }
    }

    private List<Long> readable(long end) throws IOException {
        List<Long> offsets = new ArrayList<>();
        long next = store.logStartOffset();
        while (next < end) {
            try {
                for (Batches.Read read :
                        Batches.read(Batches.take(store.read(next, 1, end, true).records()))) {
                    offsets.add(read.offset());
                    next = read.offset() + 1;
                }
            } catch (CorruptRangeException e) {
                assertThat(e.damage().contains(next)).isTrue();
                next = e.damage().nextOffset();
            }
        }
        return offsets;
    }

    private static List<Long> allBut(int count, Long... lost) {
        List<Long> offsets = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            offsets.add(i);
        }
        offsets.removeAll(List.of(lost));
        return offsets;
    }

    @Test
    void shouldKeepWhatLiesAroundADamagedBatchAndStopWrites() throws IOException {
        fill(30);
        overwrite(folder().resolve("00000000000000000000.log"), 70 + 64, 0x55);
        crashMachine();
        assertThat(store.logEndOffset()).isEqualTo(30);
        assertThat(store.damage()).singleElement().satisfies(range -> {
            assertThat(range.firstOffset()).isEqualTo(1);
            assertThat(range.nextOffset()).isEqualTo(2);
            assertThat(range.where()).contains("00000000000000000000.log:");
        });
        assertThat(readable(30)).isEqualTo(allBut(30, 1L));
        assertThatThrownBy(() -> fill(1)).isInstanceOf(IOException.class).hasMessageContaining("offsets 1 to 1");
        engine.restart();
        store = engine.store(CONFIG);
        assertThat(store.damage()).hasSize(1);
        store.advanceLogStart(2);
        assertThat(store.damage()).isEmpty();
        fill(1);
        assertThat(readable(31)).hasSize(29).startsWith(2L).endsWith(30L);
        engine.restart();
        store = engine.store(CONFIG);
        assertThat(store.damage()).isEmpty();
        assertThat(readable(31)).hasSize(29);
    }

    @Test
    void shouldCutAtADamagedBatchWhenAsked() throws IOException {
        fill(30);
        overwrite(folder().resolve("00000000000000000000.log"), 70 * 3 + 8, 0x7f, 0x7f);
        crashMachine();
        assertThat(store.damage()).hasSize(1);
        store.truncateTo(store.damage().get(0).firstOffset());
        assertThat(store.damage()).isEmpty();
        assertThat(store.logEndOffset()).isEqualTo(3);
        fill(4);
        assertThat(readable(7)).isEqualTo(allBut(7));
        crashMachine();
        assertThat(readable(7)).isEqualTo(allBut(7));
    }

    @Test
    void shouldNameASegmentThatIsGone() throws IOException {
        fill(30);
        engine.scheduler().runAll();
        String[] logs = Objects.requireNonNull(folder().toFile().list((at, name) -> name.endsWith(".log")));
        java.util.Arrays.sort(logs);
        Files.delete(folder().resolve(logs[1]));
        crashMachine();
        long first = Long.parseLong(logs[1].substring(0, 20));
        long next = Long.parseLong(logs[2].substring(0, 20));
        assertThat(store.damage())
                .singleElement()
                .matches(range -> range.firstOffset() == first && range.nextOffset() == next);
        assertThat(readable(30)).hasSize((int) (30 - (next - first)));
    }

    @Test
    void shouldNotReuseOffsetsThatWereSyncedAndAreGone() throws IOException {
        fill(30);
        engine.engine().close();
        Files.delete(engine.logs().resolve(LogFileNames.CLEAN_SHUTDOWN));
        Path last = lastLog();
        Files.delete(last);
        crashMachine();
        assertThat(store.logEndOffset()).isEqualTo(30);
        assertThat(store.damage()).hasSize(1);
        crashMachine();
        assertThat(store.damage()).hasSize(1);
    }

    @Test
    void shouldFindDamageBelowTheRecoveryPointWhenItIsRead() throws IOException {
        fill(30);
        engine.scheduler().runAll();
        engine.engine().close();
        overwrite(folder().resolve("00000000000000000000.log"), 70 * 2 + 16, 0x31);
        engine.restart();
        store = engine.store(CONFIG);
        assertThat(store.damage()).isEmpty();
        assertThat(readable(30)).isEqualTo(allBut(30, 2L));
        assertThat(store.damage()).hasSize(1);
        assertThatThrownBy(() -> fill(1)).isInstanceOf(IOException.class);
    }

    @Test
    void shouldMakeAnIndexAnewThatLeadsAstray() throws IOException {
        fill(30);
        engine.scheduler().runAll();
        engine.engine().close();
        Path index = folder().resolve("00000000000000000000.index");
        overwrite(index, 7, 0x33);
        engine.restart();
        store = engine.store(CONFIG);
        assertThat(readable(30)).isEqualTo(allBut(30));
        for (long offset = 0; offset < 30; offset++) {
            assertThat(store.read(offset, 1, 30, true).firstOffset()).isEqualTo(offset);
        }
        assertThat(store.damage()).isEmpty();
    }

    @Test
    void shouldReadAgainOnlyWhatFollowsTheRecoveryPoint() throws IOException {
        fill(30);
        engine.scheduler().runAll();
        fill(30);
        // What was synced is not looked at again: damage there stays unseen at the start.
        try (RandomAccessFile file = new RandomAccessFile(
                folder().resolve("00000000000000000000.log").toFile(), "rw")) {
            file.seek(70);
            file.write(0x55);
        }
        crashMachine();
        assertThat(store.logEndOffset()).isEqualTo(60);
    }

    @Test
    void shouldRebuildIndexesThatAreGone() throws IOException {
        fill(60);
        engine.scheduler().runAll();
        engine.engine().close();
        for (String name : Objects.requireNonNull(folder().toFile().list())) {
            if (name.endsWith("index")) {
                Files.delete(folder().resolve(name));
            }
        }
        engine.crash();
        store = engine.store(CONFIG);
        assertThat(values(store)).hasSize(60);
        assertThat(store.firstAtOrAfter(now() + 33)).isEqualTo(new TimestampOffset(now() + 33, 33, 0));
    }

    @Test
    void shouldAdoptAPreparedSegmentThatHadNoNameYet() throws IOException {
        for (int i = 0; i < 12; i++) {
            fill(1);
            // The next file is made, but what follows the roll has not run when the process ends.
            if (store.sizeInBytes() > 300 && store.sizeInBytes() < 600) {
                engine.scheduler().runPending();
            }
        }
        assertThat(folder().toFile().list()).anyMatch(name -> name.endsWith(".prepared"));
        engine.crash();
        store = engine.store(CONFIG);
        assertThat(folder().toFile().list()).noneMatch(name -> name.endsWith(".prepared"));
        assertThat(values(store)).hasSize(12).endsWith("v11");
    }

    @Test
    void shouldOpenNoFileAfterACleanShutdown() throws IOException {
        fill(30);
        engine.restart();
        store = engine.store(CONFIG);
        assertThat(store.logEndOffset()).isEqualTo(30);
        assertThat(Files.exists(engine.logs().resolve(".kafka_cleanshutdown"))).isFalse();
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(open.map(RecoveryTest::target).filter(path -> path.startsWith(folder().toString())))
                    .isEmpty();
        }
        assertThat(values(store)).hasSize(30);
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void shouldNotTrustTheCleanMarkWhenTheFilesAreOthers() throws IOException {
        fill(30);
        engine.engine().close();
        Path log = lastLog();
        Files.write(log, new byte[10], StandardOpenOption.APPEND);
        engine.crash();
        store = engine.store(CONFIG);
        assertThat(values(store)).hasSize(30);
        append(store, now(), "next");
        assertThat(values(store)).endsWith("v29", "next");
    }

    @Test
    void shouldKeepTheLogsStartThroughAKill() throws IOException {
        fill(30);
        store.advanceLogStart(13);
        engine.crash();
        store = engine.store(CONFIG);
        assertThat(store.logStartOffset()).isEqualTo(13);
    }

    @Test
    void shouldKnowProducersAndEpochsThroughAKill() throws IOException {
        store.close();
        PartitionLog log = engine.log(CONFIG);
        for (int i = 0; i < 20; i++) {
            log.appendAsLeader(Batches.idempotent(5, 0, i, now(), "v" + i), true, i / 7);
        }
        Files.delete(folder().resolve("leader-epoch-checkpoint"));
        engine.crash();
        log = engine.log(CONFIG);
        assertThat(log.appendAsLeader(Batches.idempotent(5, 0, 17, now(), "v17"), true, 3))
                .isEqualTo(new AppendResult.Duplicate(17, 17, now()));
        assertThat(log.appendAsLeader(Batches.idempotent(5, 0, 20, now(), "v20"), true, 3))
                .isEqualTo(new AppendResult.Appended(20, 20, -1));
        assertThat(log.endOffsetForEpoch(1).endOffset()).isEqualTo(14);
        assertThat(log.latestEpoch()).isEqualTo(3);
    }

    @Test
    void shouldFailOnlyThePartitionThatCannotBeRead() throws IOException {
        TopicIdPartition other = new TopicIdPartition(new Uuid(1L, 2L), "fine", 0);
        engine.engine().open(other, config()).close();
        store.close();
        engine.engine().close();
        Files.delete(engine.logs().resolve(LogFileNames.CLEAN_LOGS));
        for (Path file : Objects.requireNonNull(folder().toFile().listFiles()).length == 0
                ? new Path[0]
                : new Path[] {folder().resolve("00000000000000000000.log")}) {
            Files.deleteIfExists(file);
            Files.createDirectory(file);
        }
        engine.crash();
        assertThatThrownBy(() -> engine.engine().open(PARTITION, config())).isInstanceOf(IOException.class);
        assertThat(engine.engine().open(other, config()).logEndOffset()).isZero();
    }

    @Test
    void shouldRefuseAFolderOfAnotherTopicId() throws IOException {
        store.close();
        TopicIdPartition impostor = new TopicIdPartition(new Uuid(8L, 8L), "orders-eu", 3);
        assertThatThrownBy(() -> engine.engine().open(impostor, config()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("topic id");
    }

    @Test
    void shouldNotSendBytesThatWereCutOff() throws IOException {
        store.close();
        store = engine.store("index.interval.bytes", "100");
        append(store, now(), "a");
        append(store, now(), "x".repeat(20_000));
        LogRead read = store.read(0, 1 << 20, 2, true);
        store.truncateTo(1);
        append(store, now(), "y".repeat(20_000));
        assertThatThrownBy(() -> Batches.take(read.records())).hasMessageContaining("truncated");
    }

    @Test
    void shouldSayThatAllIsCleanOnlyWhenAllIsSynced() throws IOException {
        fill(10);
        store.close();
        engine.engine().close();
        assertThat(Files.exists(engine.logs().resolve(".kafka_cleanshutdown"))).isTrue();
        CleanLog log = Objects.requireNonNull(
                new CleanShutdownFile(engine.logs()).read("another boot").get(PARTITION.topicPartition()));
        assertThat(log.isSynced()).isTrue();
    }

    @Test
    void shouldTrustWhatWasNotSyncedDuringTheSameBootOnly() throws IOException {
        fill(10);
        store.close();
        CleanLog closed = new CleanLog(
                PARTITION, 0, 10, 4, now() + 9, 9, java.util.List.of(new long[] {0, 100}), java.util.List.of());
        CleanShutdownFile file = new CleanShutdownFile(data);
        file.write("this boot", java.util.List.of(closed));
        assertThat(file.read("this boot")).hasSize(1);
        assertThat(file.read("another boot")).isEmpty();
        assertThat(file.read("")).isEmpty();
        assertThat(file.isMarked()).isFalse();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
