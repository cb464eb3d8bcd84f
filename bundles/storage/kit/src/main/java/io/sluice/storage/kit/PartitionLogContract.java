package io.sluice.storage.kit;

import static io.sluice.storage.kit.Batches.idempotent;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.AppendResult.Appended;
import io.sluice.storage.api.AppendResult.Duplicate;
import io.sluice.storage.api.AppendResult.Rejected;
import io.sluice.storage.api.EpochEnd;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ProducerStatus;
import io.sluice.storage.api.StorageEngineFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log must do over every engine: offsets, idempotent producers and leader epochs, also after a restart. */
public abstract class PartitionLogContract {
    private static final int ALL = 1 << 20;

    @TempDir
    protected Path data;

    protected EngineFixture engine;

    protected abstract StorageEngineFactory factory();

    /** Whether the contents survive the end of the process. */
    protected boolean isDurable() {
        return true;
    }

    @BeforeEach
    void open() throws IOException {
        engine = new EngineFixture(factory(), data);
    }

    protected final long now() {
        return engine.time().milliseconds();
    }

    private static List<Batches.Read> read(PartitionLog log) throws IOException {
        LogRead read = log.read(log.logStartOffset(), ALL, log.logEndOffset(), true);
        return Batches.read(Batches.take(read.records()));
    }

    private AppendResult send(PartitionLog log, ByteBuffer batch) throws IOException {
        return log.appendAsLeader(batch, true, 5);
    }

    private static ErrorCode error(AppendResult result) {
        assertThat(result).isInstanceOf(Rejected.class);
        return ((Rejected) result).error();
    }

    /** A reopening that keeps the contents: a restart where they are durable, else an update. */
    private PartitionLog reopen(PartitionLog log, String... config) throws IOException {
        log.close();
        if (isDurable()) {
            engine.restart();
        } else {
            engine.update();
        }
        return engine.log(config);
    }

    @Test
    void shouldAssignOffsetsAndEpochInPlace() throws IOException {
        PartitionLog log = engine.log();
        assertThat(send(log, Batches.of(now(), "a", "b"))).isEqualTo(new Appended(0, 1, -1));
        ByteBuffer batch = Batches.of(now(), "c");
        assertThat(log.appendAsLeader(batch, true, 6)).isEqualTo(new Appended(2, 2, -1));
        RecordBatchView view = new RecordBatchView().wrap(batch, 0);
        assertThat(view.baseOffset()).isEqualTo(2);
        assertThat(view.partitionLeaderEpoch()).isEqualTo(6);
        assertThat(batch.position()).isZero();
        assertThat(read(log)).extracting(Batches.Read::offset).containsExactly(0L, 1L, 2L);
        assertThat(log.latestEpoch()).isEqualTo(6);
    }

    @Test
    void shouldIgnoreAPieceOfABatchAfterTheFirst() throws IOException {
        PartitionLog log = engine.log();
        ByteBuffer whole = Batches.of(now(), "a");
        ByteBuffer both = Batches.join(whole, Batches.of(now(), "b"));
        both.limit(whole.remaining() + 30);
        assertThat(send(log, both)).isEqualTo(new Appended(0, 0, -1));
        assertThat(both.limit()).isEqualTo(whole.remaining() + 30);
        assertThat(read(log)).hasSize(1);
    }

    @Test
    void shouldAppendSeveralBatchesOfTheBrokersOwn() throws IOException {
        PartitionLog log = engine.log();
        ByteBuffer batches = Batches.join(Batches.of(now(), "a", "b"), Batches.of(now() + 5, "c"));
        assertThat(log.appendAsLeader(batches, false, 2)).isEqualTo(new Appended(0, 2, -1));
        assertThat(read(log)).extracting(Batches.Read::value).containsExactly("a", "b", "c");
        assertThat(java.util.Objects.requireNonNull(log.latestTimestamp()).offset())
                .isEqualTo(2);
    }

    @Test
    void shouldRefuseACorruptBatch() throws IOException {
        PartitionLog log = engine.log();
        ByteBuffer batch = Batches.of(now(), "abc");
        batch.put(batch.limit() - 2, (byte) (batch.get(batch.limit() - 2) ^ 1));
        assertThat(error(send(log, batch))).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        assertThat(log.logEndOffset()).isZero();
    }

    @Test
    void shouldNumberRecordsAnewWhoseOffsetsAreNotConsecutive() throws IOException {
        PartitionLog log = engine.log();
        send(log, Batches.of(now(), "a"));
        for (String codec : List.of("producer", "lz4")) {
            log.reconfigure(EngineFixture.config("compression.type", codec));
            ByteBuffer batch = new RecordBatchBuilder()
                    .append(null, Batches.bytes("b"), now())
                    .appendAt(7, null, Batches.bytes("c"), List.of(), now())
                    .build();
            batch.putInt(RecordBatchFormat.LAST_OFFSET_DELTA, 1);
            new RecordBatchView().wrap(batch, 0).rewriteCrc();
            assertThat(send(log, batch)).isInstanceOf(Appended.class);
        }
        assertThat(read(log)).extracting(Batches.Read::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(read(log)).extracting(Batches.Read::value).containsExactly("a", "b", "c", "b", "c");
    }

    @Test
    void shouldStampRecordsWhereTheTopicAsksForIt() throws IOException {
        PartitionLog log = engine.log("message.timestamp.type", "LogAppendTime");
        assertThat(send(log, Batches.of(12345L, "a", "b"))).isEqualTo(new Appended(0, 1, now()));
        assertThat(read(log)).extracting(Batches.Read::timestampMs).containsExactly(now(), now());
    }

    @Test
    void shouldCompressAsTheTopicAsks() throws IOException {
        PartitionLog log = engine.log("compression.type", "lz4");
        send(log, Batches.of(now(), "a".repeat(1000), "b".repeat(1000)));
        send(log, Batches.compressed(CompressionType.GZIP, now(), "c"));
        assertThat(log.sizeInBytes()).isLessThan(1000);
        LogRead read = log.read(0, ALL, 3, true);
        ByteBuffer bytes = Batches.take(read.records());
        assertThat(new RecordBatchView().wrap(bytes, 0).compressionType()).isEqualTo(CompressionType.LZ4);
        assertThat(Batches.values(bytes)).containsExactly("a".repeat(1000), "b".repeat(1000), "c");
    }

    @Test
    void shouldKnowARepetitionAndAnswerWithItsOffsets() throws IOException {
        PartitionLog log = engine.log();
        for (int i = 0; i < 5; i++) {
            send(log, idempotent(9, 0, 2 * i, now(), "a" + i, "b" + i));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(send(log, idempotent(9, 0, 2 * i, now(), "a" + i, "b" + i)))
                    .isEqualTo(new Duplicate(2L * i, 2L * i + 1, now()));
        }
        assertThat(log.logEndOffset()).isEqualTo(10);
        send(log, idempotent(9, 0, 10, now(), "c"));
        assertThat(error(send(log, idempotent(9, 0, 0, now(), "a0", "b0"))))
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void shouldRefuseAGap() throws IOException {
        PartitionLog log = engine.log();
        send(log, idempotent(9, 0, 0, now(), "a"));
        assertThat(error(send(log, idempotent(9, 0, 2, now(), "c")))).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(send(log, idempotent(9, 0, 1, now(), "b"))).isInstanceOf(Appended.class);
    }

    @Test
    void shouldTakeAnySequenceFromAnUnknownProducer() throws IOException {
        PartitionLog log = engine.log();
        assertThat(send(log, idempotent(9, 3, 77, now(), "a"))).isInstanceOf(Appended.class);
        assertThat(send(log, idempotent(9, 3, 78, now(), "b"))).isInstanceOf(Appended.class);
    }

    @Test
    void shouldBeginANewEpochWithSequenceZeroAndFenceTheOldOne() throws IOException {
        PartitionLog log = engine.log();
        send(log, idempotent(9, 0, 0, now(), "a"));
        assertThat(error(send(log, idempotent(9, 1, 1, now(), "b")))).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(send(log, idempotent(9, 1, 0, now(), "b"))).isInstanceOf(Appended.class);
        assertThat(error(send(log, idempotent(9, 0, 1, now(), "c")))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void shouldLetSequencesWrapAround() throws IOException {
        PartitionLog log = engine.log();
        send(log, idempotent(9, 0, Integer.MAX_VALUE - 1, now(), "a", "b", "c"));
        assertThat(send(log, idempotent(9, 0, Integer.MAX_VALUE - 1, now(), "a", "b", "c")))
                .isInstanceOf(Duplicate.class);
        assertThat(send(log, idempotent(9, 0, 1, now(), "d"))).isInstanceOf(Appended.class);
    }

    @Test
    void shouldKnowProducersAfterAReopening() throws IOException {
        PartitionLog log = engine.log();
        for (int i = 0; i < 5; i++) {
            send(log, idempotent(9, 2, i, now(), "v" + i));
        }
        log = reopen(log);
        for (int i = 0; i < 5; i++) {
            assertThat(send(log, idempotent(9, 2, i, now(), "v" + i))).isEqualTo(new Duplicate(i, i, now()));
        }
        assertThat(error(send(log, idempotent(9, 2, 6, now(), "gap"))))
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(send(log, idempotent(9, 2, 5, now(), "next"))).isEqualTo(new Appended(5, 5, -1));
        assertThat(log.producers()).containsExactly(new ProducerStatus(9, (short) 2, 5, now(), -1, -1));
    }

    @Test
    void shouldForgetProducersThatAreSilent() throws IOException {
        PartitionLog log = engine.log("retention.ms", "-1");
        send(log, idempotent(9, 0, 0, now(), "a"));
        log.maintain(1);
        assertThat(log.producers()).hasSize(1);
        engine.time().advance(86_400_001L);
        log.maintain(1);
        assertThat(log.producers()).isEmpty();
        assertThat(send(log, idempotent(9, 0, 44, now(), "b"))).isInstanceOf(Appended.class);
    }

    @Test
    void shouldForgetWhatWasCutOff() throws IOException {
        PartitionLog log = engine.log();
        send(log, idempotent(9, 0, 0, now(), "a"));
        send(log, idempotent(9, 0, 1, now(), "b"));
        log.takeSnapshot();
        log.appendAsLeader(idempotent(9, 0, 2, now(), "c"), true, 8);
        log.truncateTo(1);
        assertThat(log.latestEpoch()).isEqualTo(5);
        assertThat(send(log, idempotent(9, 0, 1, now(), "b2"))).isEqualTo(new Appended(1, 1, -1));
        assertThat(read(log)).extracting(Batches.Read::value).containsExactly("a", "b2");
    }

    @Test
    void shouldKnowWhereEpochsEnd() throws IOException {
        PartitionLog log = engine.log();
        log.becomeLeader(1);
        log.appendAsLeader(Batches.of(now(), "a", "b"), true, 1);
        log.becomeLeader(4);
        log.appendAsLeader(Batches.of(now(), "c"), true, 4);
        log = reopen(log);
        assertThat(log.endOffsetForEpoch(0)).isEqualTo(new EpochEnd(0, 0));
        assertThat(log.endOffsetForEpoch(1)).isEqualTo(new EpochEnd(1, 2));
        assertThat(log.endOffsetForEpoch(3)).isEqualTo(new EpochEnd(1, 2));
        assertThat(log.endOffsetForEpoch(4)).isEqualTo(new EpochEnd(4, 3));
        assertThat(log.endOffsetForEpoch(5)).isEqualTo(EpochEnd.UNKNOWN);
        assertThat(log.epochOf(1)).isEqualTo(1);
        assertThat(log.epochOf(2)).isEqualTo(4);
        log.advanceLogStart(2);
        assertThat(log.endOffsetForEpoch(1)).isEqualTo(new EpochEnd(1, 2));
        assertThat(log.epochOf(2)).isEqualTo(4);
    }

    @Test
    void shouldKeepTheContentsThroughAReopening() throws IOException {
        PartitionLog log = engine.log();
        send(log, Batches.of(now(), "a", "b"));
        send(log, Batches.of(now() + 7, "c"));
        log.advanceLogStart(1);
        log = reopen(log);
        assertThat(log.logStartOffset()).isEqualTo(1);
        assertThat(log.logEndOffset()).isEqualTo(3);
        assertThat(read(log)).extracting(Batches.Read::value).endsWith("b", "c");
        assertThat(java.util.Objects.requireNonNull(log.latestTimestamp()).offset())
                .isEqualTo(2);
        assertThat(send(log, Batches.of(now(), "d"))).isEqualTo(new Appended(3, 3, -1));
    }

    @Test
    void shouldObeyANewConfiguration() throws IOException {
        PartitionLog log = engine.log();
        log.reconfigure(EngineFixture.config("max.message.bytes", "100"));
        assertThat(error(send(log, Batches.of(now(), "x".repeat(100))))).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }
}
