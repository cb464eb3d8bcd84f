package io.sluice.storage.segment;

import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.LogFinding;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.LogVerifier;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ReadPace;
import io.sluice.storage.api.StorageEngine;
import io.sluice.storage.api.TransactionMarker;
import io.sluice.storage.kit.Batches;
import io.sluice.storage.kit.EngineFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code storage:verify} finds in the files beside the batches; and how a folder from elsewhere gets its place. */
final class SegmentCheckTest {
    private static final String[] CONFIG = {"internal.segment.bytes", "600", "index.interval.bytes", "100"};

    @TempDir
    Path data;

    private EngineFixture engine;
    private LogStore store;

    @BeforeEach
    void write() throws IOException {
        engine = new EngineFixture(new SegmentEngineFactory(), data);
        store = engine.store(CONFIG);
        for (int i = 0; i < 40; i++) {
            append(store, engine.time().milliseconds() + i, "v" + i);
        }
        store.writeLeaderEpochs(List.of(new EpochEntry(0, 0)));
        engine.scheduler().runAll();
        engine.restart();
        store = engine.store(CONFIG);
    }

    private Path file(String suffix) {
        return engine.logs().resolve("orders-eu-3").resolve("00000000000000000000" + suffix);
    }

    private void overwrite(Path file, long position, int... bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(position);
            for (int value : bytes) {
                open.write(value);
            }
        }
    }

    private List<LogFinding> findings() throws IOException {
        return new LogVerifier(ReadPace.UNBOUNDED).verify(store, config(CONFIG)).findings();
    }

    @Test
    void shouldFindNothingInALogThatIsInOrder() throws IOException {
        assertThat(findings()).isEmpty();
    }

    @Test
    void shouldFindAnIndexThatLeadsAstray() throws IOException {
        overwrite(file(".index"), 7, 0x33);
        assertThat(findings()).anySatisfy(finding -> {
            assertThat(finding.where()).endsWith(".index");
            assertThat(finding.problem()).contains("where no batch begins");
        });
    }

    @Test
    void shouldFindAnIndexOfOtherOffsets() throws IOException {
        overwrite(file(".index"), 3, 0x01);
        assertThat(findings())
                .anySatisfy(finding -> assertThat(finding.problem()).contains("the index says that the batch at byte"));
    }

    @Test
    void shouldFindAnIndexThatIsGoneOrTorn() throws IOException {
        Files.delete(file(".index"));
        overwrite(file(".timeindex"), Files.size(file(".timeindex")), 1, 2, 3);
        assertThat(findings())
                .anySatisfy(finding -> assertThat(finding.problem()).isEqualTo("the index is missing"))
                .anySatisfy(finding -> assertThat(finding.problem()).contains("are entries that rise"));
    }

    @Test
    void shouldFindATimeIndexThatPassesOverRecords() throws IOException {
        overwrite(file(".timeindex"), 0, 0, 0, 0, 0, 0, 0, 0, 1);
        assertThat(findings()).anySatisfy(finding -> {
            assertThat(finding.where()).endsWith(".timeindex");
            assertThat(finding.problem()).contains("nothing up to this offset is newer than 1");
        });
    }

    @Test
    void shouldFindAnAbortedTransactionThatIsForgotten() throws IOException {
        store.close();
        PartitionLog log = engine.log();
        log.appendAsLeader(Batches.transactional(7, 0, 0, engine.time().milliseconds(), "a"), true, 0);
        log.appendAsLeader(
                new TransactionMarker(false, 0)
                        .toBatch(7, (short) 0, engine.time().milliseconds()),
                false,
                0);
        assertThat(new LogVerifier(ReadPace.UNBOUNDED).verify(log).findings()).isEmpty();
        log.store().restoreAborted(List.of());
        assertThat(new LogVerifier(ReadPace.UNBOUNDED).verify(log).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.problem()).contains("aborted"));
    }

    @Test
    void shouldTakeInAFolderThatAnotherEngineClosed() throws IOException {
        TopicIdPartition unclaimed = new TopicIdPartition(Uuid.ZERO, new TopicPartition("adopted", 0));
        Path folder = data.resolve("elsewhere").resolve("logs").resolve("adopted-0");
        EngineFixture other = new EngineFixture(new SegmentEngineFactory(), data.resolve("elsewhere"));
        StorageEngine writer = other.engine();
        LogStore written = writer.open(unclaimed, config());
        for (int i = 0; i < 10; i++) {
            append(written, i, "a" + i);
        }
        written.advanceLogStart(4);
        written.close();
        writer.close();
        engine.engine().adopt(unclaimed, folder);
        assertThat(folder).doesNotExist();
        TopicIdPartition claimed = new TopicIdPartition(new Uuid(3L, 3L), new TopicPartition("adopted", 0));
        LogStore taken = engine.engine().open(claimed, config());
        assertThat(taken.logStartOffset()).isEqualTo(4);
        assertThat(taken.logEndOffset()).isEqualTo(10);
        assertThat(EngineFixture.values(taken)).hasSize(6).startsWith("a4").endsWith("a9");
        engine.crash();
        taken = engine.engine().open(claimed, config());
        assertThat(taken.logStartOffset()).isEqualTo(4);
        assertThat(taken.logEndOffset()).isEqualTo(10);
    }
}
