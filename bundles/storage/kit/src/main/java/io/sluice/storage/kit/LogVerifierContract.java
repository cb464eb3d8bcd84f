package io.sluice.storage.kit;

import static io.sluice.storage.kit.Batches.idempotent;
import static io.sluice.storage.kit.EngineFixture.append;
import static io.sluice.storage.kit.EngineFixture.config;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.storage.api.EpochEntry;
import io.sluice.storage.api.LogFinding;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.LogVerification;
import io.sluice.storage.api.LogVerifier;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ReadPace;
import io.sluice.storage.api.StorageEngineFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verifier over every engine: a log that is in order is found so, and what differs between two logs is found. */
public abstract class LogVerifierContract {
    private static final TopicIdPartition COPY = new TopicIdPartition(new Uuid(4L, 4L), "copy", 0);

    @TempDir
    protected Path data;

    protected EngineFixture engine;

    private final LogVerifier verifier = new LogVerifier(ReadPace.UNBOUNDED);

    protected abstract StorageEngineFactory factory();

    @BeforeEach
    void open() throws IOException {
        engine = new EngineFixture(factory(), data);
    }

    private long now() {
        return engine.time().milliseconds();
    }

    private static List<String> problems(LogVerification found) {
        return found.findings().stream().map(LogFinding::problem).toList();
    }

    @Test
    void shouldFindALogInOrder() throws IOException {
        PartitionLog log = engine.log("internal.segment.bytes", "4000", "index.interval.bytes", "200");
        for (int i = 0; i < 60; i++) {
            log.appendAsLeader(idempotent(7, 0, i, now() + i, "v" + i), true, i / 20);
            log.appendAsLeader(Batches.compressed(CompressionType.LZ4, now() + i, "a".repeat(100), "b"), true, i / 20);
            engine.scheduler().runPending();
        }
        log.takeSnapshot();
        LogVerification found = verifier.verify(log);
        assertThat(problems(found)).isEmpty();
        assertThat(found.isSound()).isTrue();
        assertThat(found.records()).isEqualTo(180);
        assertThat(found.batches()).isEqualTo(120);
        assertThat(found.endOffset()).isEqualTo(180);
    }

    @Test
    void shouldFindALogInOrderThatBeginsWithinABatch() throws IOException {
        PartitionLog log = engine.log();
        log.appendAsLeader(idempotent(7, 0, 0, now(), "a", "b", "c"), true, 1);
        log.appendAsLeader(idempotent(7, 0, 3, now(), "d"), true, 2);
        log.advanceLogStart(2);
        assertThat(problems(verifier.verify(log))).isEmpty();
    }

    @Test
    void shouldFindABatchThatIsNotWhatWasWritten() throws IOException {
        LogStore store = engine.store();
        append(store, now(), "a");
        ByteBuffer damaged = Batches.at(1, now(), "bbbb");
        damaged.put(damaged.limit() - 3, (byte) 'x');
        store.append(damaged, 1, 1, now(), 1);
        append(store, now(), "c");
        store.writeLeaderEpochs(List.of(new EpochEntry(0, 0)));
        LogVerification found = verifier.verify(store, config());
        assertThat(found.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.offset()).isEqualTo(1);
            assertThat(finding.problem()).contains("CRC");
        });
    }

    @Test
    void shouldFindMissingOffsetsAndWrongEpochs() throws IOException {
        LogStore store = engine.store();
        store.append(Batches.at(0, now(), "a"), 0, 0, now(), 0);
        store.append(Batches.at(5, now(), "b"), 5, 5, now(), 5);
        store.writeLeaderEpochs(List.of(new EpochEntry(0, 3)));
        assertThat(problems(verifier.verify(store, config())))
                .anyMatch(problem -> problem.contains("from here to 4 are missing"))
                .anyMatch(problem -> problem.contains("epoch 0, and the list of epochs says none"));
        assertThat(problems(verifier.verify(store, config("cleanup.policy", "compact"))))
                .noneMatch(problem -> problem.contains("missing"));
    }

    @Test
    void shouldFindNoDifferenceBetweenCopies() throws IOException {
        LogStore one = engine.store();
        LogStore other = engine.engine().open(COPY, config());
        for (int i = 0; i < 20; i++) {
            append(one, now() + i, "v" + i, "w" + i);
            append(other, now() + i, "v" + i, "w" + i);
        }
        assertThat(problems(verifier.compare(one, other))).isEmpty();
        append(other, now(), "more");
        assertThat(problems(verifier.compare(one, other))).containsExactly("one ends at 40, the other at 41");
        assertThat(problems(verifier.compare(one, other, 10, 40))).isEmpty();
    }

    @Test
    void shouldFindDifferencesBetweenLogs() throws IOException {
        LogStore one = engine.store();
        LogStore other = engine.engine().open(COPY, config());
        append(one, now(), "a");
        append(other, now(), "a");
        append(one, now(), "b");
        append(other, now(), "B");
        append(one, now(), "c");
        append(other, now() + 1, "c");
        append(one, now(), "d");
        append(other, now(), "d", "e");
        assertThat(problems(verifier.compare(one, other)))
                .anyMatch(problem -> problem.contains("differs in its CRC"))
                .anyMatch(problem -> problem.contains("largest timestamp: " + now()))
                .anyMatch(problem -> problem.contains("one ends at 4, the other at 5"))
                .anyMatch(problem -> problem.contains("is missing"));
    }

    @Test
    void shouldFindAProducerThatWentAstray() throws IOException {
        PartitionLog log = engine.log();
        log.appendAsLeader(idempotent(7, 0, 0, now(), "a"), true, 1);
        log.close();
        LogStore store = engine.store();
        ByteBuffer stale = store.snapshots(1).get(0).state();
        store.append(idempotentAt(1, 7, 1, now()), 1, 1, now(), 1);
        store.writeSnapshot(2, stale);
        assertThat(problems(verifier.verify(store, config())))
                .anyMatch(problem -> problem.contains("producer 7 has epoch 0 and sequence 0 there"));
    }

    private static ByteBuffer idempotentAt(long offset, long producerId, int sequence, long timestampMs) {
        ByteBuffer batch = idempotent(producerId, 0, sequence, timestampMs, "b");
        batch.putLong(0, offset).putInt(RecordBatchFormat.PARTITION_LEADER_EPOCH, 1);
        return batch;
    }
}
