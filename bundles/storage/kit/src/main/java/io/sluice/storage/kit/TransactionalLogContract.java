package io.sluice.storage.kit;

import static io.sluice.storage.kit.Batches.idempotent;
import static io.sluice.storage.kit.Batches.transactional;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.AppendResult.Appended;
import io.sluice.storage.api.AppendResult.Duplicate;
import io.sluice.storage.api.AppendResult.Rejected;
import io.sluice.storage.api.LogRead;
import io.sluice.storage.api.LogStore;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ProducerStatus;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.api.TransactionMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log must know of transactions over every engine (KIP-98, KIP-890), also after a restart. */
public abstract class TransactionalLogContract {
    private static final int ALL = 1 << 20;
    private static final int EPOCH = 5;

    @TempDir
    protected Path data;

    protected EngineFixture engine;
    private PartitionLog log;

    protected abstract StorageEngineFactory factory();

    /** Whether the contents survive the end of the process. */
    protected boolean isDurable() {
        return true;
    }

    @BeforeEach
    void open() throws IOException {
        engine = new EngineFixture(factory(), data);
        log = engine.log();
    }

    private void use(String... config) throws IOException {
        log.close();
        log = engine.log(config);
    }

    /** A reopening that keeps the contents: a restart where they are durable, else an update. */
    private void reopen(String... config) throws IOException {
        log.close();
        if (isDurable()) {
            engine.restart();
        } else {
            engine.update();
        }
        log = engine.log(config);
    }

    private long now() {
        return engine.time().milliseconds();
    }

    /** A client's batch; its base offset. */
    private long write(ByteBuffer batch) throws IOException {
        AppendResult result = log.appendAsLeader(batch, true, EPOCH);
        assertThat(result).isInstanceOf(Appended.class);
        return ((Appended) result).firstOffset();
    }

    private ErrorCode refusal(ByteBuffer batch) throws IOException {
        AppendResult result = log.appendAsLeader(batch, true, EPOCH);
        assertThat(result).isInstanceOf(Rejected.class);
        return ((Rejected) result).error();
    }

    private AppendResult end(long producer, int epoch, boolean commit, int coordinatorEpoch, int version)
            throws IOException {
        ByteBuffer marker = new TransactionMarker(commit, coordinatorEpoch).toBatch(producer, (short) epoch, now());
        return log.appendAsLeader(marker, false, EPOCH, version);
    }

    private long commit(long producer, int epoch) throws IOException {
        return ((Appended) end(producer, epoch, true, 0, 0)).firstOffset();
    }

    private long abort(long producer, int epoch) throws IOException {
        return ((Appended) end(producer, epoch, false, 0, 0)).firstOffset();
    }

    private static ErrorCode error(AppendResult result) {
        assertThat(result).isInstanceOf(Rejected.class);
        return ((Rejected) result).error();
    }

    private long stable() throws IOException {
        return log.lastStableOffset(log.logEndOffset());
    }

    private List<AbortedTransaction> aborted() throws IOException {
        return log.abortedTransactions(log.logStartOffset(), log.logEndOffset());
    }

    @Test
    void shouldBeStableUpToTheFirstOpenTransaction() throws IOException {
        write(Batches.of(now(), "a"));
        assertThat(stable()).isEqualTo(1);
        write(transactional(7, 0, 0, now(), "b", "c"));
        write(transactional(8, 0, 0, now(), "d"));
        write(Batches.of(now(), "e"));
        assertThat(stable()).isEqualTo(1);
        assertThat(log.hasOngoingTransaction(7, (short) 0)).isTrue();
        assertThat(log.hasOngoingTransaction(7, (short) 1)).isFalse();
        commit(7, 0);
        assertThat(log.hasOngoingTransaction(7, (short) 0)).isFalse();
        assertThat(stable()).isEqualTo(3);
        commit(8, 0);
        assertThat(stable()).isEqualTo(log.logEndOffset()).isEqualTo(7);
        assertThat(aborted()).isEmpty();
    }

    @Test
    void shouldNotBeStableAboveTheHighWatermark() throws IOException {
        write(Batches.of(now(), "a"));
        write(Batches.of(now(), "b"));
        assertThat(log.lastStableOffset(1)).isEqualTo(1);
        write(transactional(7, 0, 0, now(), "c"));
        assertThat(log.lastStableOffset(1)).isEqualTo(1);
        assertThat(log.lastStableOffset(3)).isEqualTo(2);
    }

    @Test
    void shouldNotBeStableBeforeTheMarkerIsCommitted() throws IOException {
        write(transactional(7, 0, 0, now(), "a"));
        write(Batches.of(now(), "b"));
        long marker = commit(7, 0);
        assertThat(log.lastStableOffset(marker)).isZero();
        assertThat(log.lastStableOffset(marker + 1)).isEqualTo(marker + 1);
    }

    @Test
    void shouldForgetEndedTransactionsOnceTheyAreCommitted() throws IOException {
        write(transactional(7, 0, 0, now(), "a"));
        long marker = commit(7, 0);
        log.committed(marker);
        assertThat(log.lastStableOffset(marker)).isZero();
        log.committed(marker + 1);
        assertThat(log.lastStableOffset(marker)).isEqualTo(marker);
    }

    @Test
    void shouldTellWhichTransactionsWereAborted() throws IOException {
        write(transactional(7, 0, 0, now(), "a"));
        write(transactional(8, 0, 0, now(), "b"));
        write(transactional(7, 0, 1, now(), "c"));
        assertThat(abort(7, 0)).isEqualTo(3);
        write(transactional(7, 0, 2, now(), "d"));
        assertThat(abort(8, 0)).isEqualTo(5);
        assertThat(commit(7, 0)).isEqualTo(6);
        AbortedTransaction first = new AbortedTransaction(7, 0, 3, 1);
        AbortedTransaction second = new AbortedTransaction(8, 1, 5, 4);
        assertThat(aborted()).containsExactly(first, second);
        assertThat(log.abortedTransactions(0, 1)).containsExactly(first);
        assertThat(log.abortedTransactions(4, 5)).containsExactly(second);
        assertThat(log.abortedTransactions(3, 4)).containsExactly(first, second);
        assertThat(log.abortedTransactions(6, 7)).isEmpty();
    }

    @Test
    void shouldLetAReadEndAtTheLastStableOffset() throws IOException {
        write(Batches.of(now(), "a"));
        write(transactional(7, 0, 0, now(), "b"));
        write(Batches.of(now(), "c"));
        LogRead read = log.read(0, ALL, stable(), true);
        assertThat(Batches.values(Batches.take(read.records()))).containsExactly("a");
        assertThat(read.endOffset()).isIn(-1L, 1L);
    }

    @Test
    void shouldSayWhereAReadEnds() throws IOException {
        use("internal.segment.bytes", "300");
        for (int i = 0; i < 20; i++) {
            write(Batches.of(now(), "v" + i, "w" + i));
        }
        for (int bytes = 0; bytes < 600; bytes += 37) {
            for (long end = 2; end <= 40; end += 2) {
                LogRead read = log.read(1, bytes, end, true);
                List<Batches.Read> records = Batches.read(Batches.take(read.records()));
                long last = records.get(records.size() - 1).offset();
                assertThat(last).isLessThan(end);
                if (read.endOffset() >= 0) {
                    assertThat(read.endOffset()).isGreaterThan(last).isLessThanOrEqualTo(end);
                }
            }
        }
    }

    @Test
    void shouldMarkATransactionWithoutDataAndKeepNothingOfIt() throws IOException {
        assertThat(abort(7, 3)).isZero();
        assertThat(aborted()).isEmpty();
        assertThat(stable()).isEqualTo(1);
        assertThat(log.producers()).containsExactly(new ProducerStatus(7, (short) 3, -1, now(), 0, -1));
        assertThat(refusal(transactional(7, 3, 4, now(), "a"))).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        write(transactional(7, 3, 0, now(), "a"));
    }

    @Test
    void shouldFenceACoordinatorOfALowerEpoch() throws IOException {
        write(transactional(7, 0, 0, now(), "a"));
        assertThat(end(7, 0, true, 4, 0)).isInstanceOf(Appended.class);
        write(transactional(7, 0, 1, now(), "b"));
        assertThat(error(end(7, 0, true, 3, 0))).isEqualTo(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        assertThat(stable()).isEqualTo(2);
        assertThat(end(7, 0, true, 4, 0)).isInstanceOf(Appended.class);
    }

    @Test
    void shouldFenceAProducerOfALowerEpoch() throws IOException {
        write(transactional(7, 4, 0, now(), "a"));
        assertThat(error(end(7, 3, false, 0, 0))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(end(7, 5, false, 0, 0)).isInstanceOf(Appended.class);
        assertThat(refusal(transactional(7, 4, 1, now(), "zombie"))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        write(transactional(7, 5, 0, now(), "b"));
    }

    @Test
    void shouldAskForAHigherEpochInMarkersOfTheSecondVersion() throws IOException {
        write(transactional(7, 4, 0, now(), "a"));
        assertThat(error(end(7, 4, true, 0, 2))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(end(7, 5, true, 0, 2)).isInstanceOf(Appended.class);
        assertThat(end(7, 5, true, 0, 2)).isInstanceOf(Appended.class);
        write(transactional(7, 5, 0, now(), "b"));
        assertThat(error(end(7, 5, true, 0, 2))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(end(7, 6, false, 0, 2)).isInstanceOf(Appended.class);
        assertThat(stable()).isEqualTo(log.logEndOffset());
        assertThat(aborted()).extracting(AbortedTransaction::firstOffset).containsExactly(3L);
    }

    @Test
    void shouldRefuseToMixATransactionWithOtherRecords() throws IOException {
        write(transactional(7, 0, 0, now(), "a"));
        assertThat(refusal(idempotent(7, 0, 1, now(), "b"))).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        write(transactional(7, 0, 1, now(), "b"));
        commit(7, 0);
        write(idempotent(7, 0, 2, now(), "c"));
    }

    @Test
    void shouldRefuseAControlBatchThatEndsNoTransaction() throws IOException {
        ByteBuffer batch = new io.sluice.protocol.record.RecordBatchBuilder()
                .producer(7, (short) 0, -1)
                .transactional(true)
                .control(true)
                .append(io.sluice.protocol.record.ControlRecordType.LEADER_CHANGE.key(), Batches.bytes("x"), now())
                .build();
        assertThat(error(log.appendAsLeader(batch, false, EPOCH))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(refusal(new TransactionMarker(true, 0).toBatch(7, (short) 0, now())))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(log.logEndOffset()).isZero();
    }

    @Test
    void shouldCheckTheBatchesOfOneAppendOneAfterAnother() throws IOException {
        ByteBuffer whole = Batches.join(
                transactional(7, 0, 0, now(), "a"),
                new TransactionMarker(false, 1).toBatch(7, (short) 1, now()),
                transactional(7, 1, 0, now(), "b"));
        assertThat(log.appendAsLeader(whole, false, EPOCH, 2)).isEqualTo(new Appended(0, 2, -1));
        assertThat(aborted()).extracting(AbortedTransaction::lastOffset).containsExactly(1L);
        assertThat(stable()).isEqualTo(2);
        ByteBuffer wrong = Batches.join(
                new TransactionMarker(true, 1).toBatch(7, (short) 2, now()), transactional(7, 1, 1, now(), "late"));
        assertThat(error(log.appendAsLeader(wrong, false, EPOCH, 2))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(log.logEndOffset()).isEqualTo(3);
        assertThat(log.hasOngoingTransaction(7, (short) 1)).isTrue();
    }

    @Test
    void shouldKnowRepetitionsWithinTransactions() throws IOException {
        write(transactional(7, 0, 0, now(), "a"));
        assertThat(log.appendAsLeader(transactional(7, 0, 0, now(), "a"), true, EPOCH))
                .isEqualTo(new Duplicate(0, 0, now()));
        commit(7, 0);
        assertThat(log.appendAsLeader(transactional(7, 0, 0, now(), "a"), true, EPOCH))
                .isEqualTo(new Duplicate(0, 0, now()));
        assertThat(log.hasOngoingTransaction(7, (short) 0)).isFalse();
    }

    private void aHistory() throws IOException {
        write(transactional(7, 0, 0, now(), "a", "b"));
        write(transactional(8, 2, 0, now(), "c"));
        abort(7, 0);
        engine.time().advance(10);
        end(8, 2, true, 6, 0);
        write(transactional(9, 1, 0, now(), "d"));
        write(transactional(7, 0, 2, now(), "e"));
        engine.time().advance(10);
        end(7, 1, false, 6, 2);
        write(Batches.of(now(), "f"));
    }

    @Test
    void shouldKnowTransactionsAfterAReopening() throws IOException {
        aHistory();
        List<AbortedTransaction> aborted = aborted();
        assertThat(aborted).hasSize(2);
        List<ProducerStatus> producers = log.producers();
        assertThat(stable()).isEqualTo(5);
        reopen();
        assertThat(stable()).isEqualTo(5);
        assertThat(aborted()).isEqualTo(aborted);
        assertThat(log.producers()).containsExactlyInAnyOrderElementsOf(producers);
        assertThat(error(end(7, 1, true, 5, 0))).isEqualTo(ErrorCode.TRANSACTION_COORDINATOR_FENCED);
        assertThat(error(end(9, 0, true, 6, 0))).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        abort(9, 1);
        assertThat(aborted()).hasSize(3).startsWith(aborted.toArray(AbortedTransaction[]::new));
        assertThat(stable()).isEqualTo(log.logEndOffset());
    }

    @Test
    void shouldKnowTransactionsAfterAKill() throws IOException {
        if (!isDurable()) {
            return;
        }
        use("internal.segment.bytes", "300");
        aHistory();
        log.takeSnapshot();
        write(transactional(11, 0, 0, now(), "g"));
        abort(11, 0);
        write(transactional(12, 0, 0, now(), "h"));
        List<AbortedTransaction> aborted = aborted();
        List<ProducerStatus> producers = log.producers();
        assertThat(aborted).hasSize(3);
        engine.scheduler().runAll();
        engine.crash();
        log = engine.log("internal.segment.bytes", "300");
        assertThat(aborted()).isEqualTo(aborted);
        assertThat(stable()).isEqualTo(5);
        assertThat(log.producers()).containsExactlyInAnyOrderElementsOf(producers);
        commit(9, 1);
        assertThat(stable()).isEqualTo(11);
    }

    @Test
    void shouldForgetTransactionsThatWereCutOff() throws IOException {
        aHistory();
        log.takeSnapshot();
        List<AbortedTransaction> aborted = aborted();
        long secondMarker = aborted.get(1).lastOffset();
        log.truncateTo(secondMarker);
        assertThat(aborted()).containsExactly(aborted.get(0));
        assertThat(log.hasOngoingTransaction(7, (short) 0)).isTrue();
        assertThat(commit(7, 0)).isEqualTo(secondMarker);
        assertThat(aborted()).containsExactly(aborted.get(0));
        abort(9, 1);
        assertThat(aborted()).hasSize(2);
        log.truncateTo(aborted.get(0).lastOffset());
        assertThat(aborted()).isEmpty();
        assertThat(stable()).isZero();
        log.truncateFullyAndStartAt(100);
        assertThat(aborted()).isEmpty();
        assertThat(stable()).isEqualTo(100);
    }

    @Test
    void shouldNotHoldReadersBelowTheLogsStart() throws IOException {
        write(transactional(7, 0, 0, now(), "a"));
        write(Batches.of(now(), "b"));
        write(Batches.of(now(), "c"));
        log.advanceLogStart(2);
        assertThat(stable()).isEqualTo(2);
        write(transactional(7, 0, 1, now(), "d"));
        abort(7, 0);
        assertThat(stable()).isEqualTo(5);
        assertThat(aborted()).extracting(AbortedTransaction::lastOffset).containsExactly(4L);
    }

    @Test
    void shouldDropTransactionsWithTheBatchesAroundTheirMarkers() throws IOException {
        use("internal.segment.bytes", "300", "retention.ms", "1000", "file.delete.delay.ms", "0");
        for (int i = 0; i < 10; i++) {
            write(transactional(7, 0, i, now(), "x".repeat(100)));
            abort(7, 0);
        }
        assertThat(aborted()).hasSize(10);
        engine.time().advance(5000);
        write(transactional(7, 0, 10, now(), "new"));
        abort(7, 0);
        log.maintain(log.logEndOffset());
        engine.scheduler().runAll();
        assertThat(log.logStartOffset()).isBetween(15L, 20L);
        assertThat(log.abortedTransactions(0, 15)).isEmpty();
        assertThat(aborted()).extracting(AbortedTransaction::lastOffset).endsWith(21L);
        reopen("internal.segment.bytes", "300");
        assertThat(log.abortedTransactions(0, 15)).isEmpty();
        assertThat(aborted()).extracting(AbortedTransaction::lastOffset).endsWith(21L);
    }

    @Test
    void shouldFindByTheirMarkersWhatAnEngineDoesNotKeep() throws IOException {
        log.close();
        LogStore store = new StoreWithoutTransactions(engine.store("internal.segment.bytes", "400"));
        log = PartitionLog.open(
                EngineFixture.PARTITION, store, EngineFixture.config(), engine.time(), () -> 1_000_000L);
        aHistory();
        List<AbortedTransaction> expected =
                List.of(new AbortedTransaction(7, 0, 3, 2), new AbortedTransaction(7, 6, 7, 5));
        assertThat(aborted()).isEqualTo(expected);
        abort(9, 1);
        assertThat(aborted()).hasSize(3).startsWith(expected.toArray(AbortedTransaction[]::new));
        log.truncateTo(7);
        assertThat(aborted()).containsExactly(expected.get(0));
    }

    @Test
    void shouldKeepManyTransactionsOverManySegments() throws IOException {
        use("internal.segment.bytes", "500");
        for (int i = 0; i < 200; i++) {
            write(transactional(i % 3, 0, i / 3, now(), "v" + i));
            if (i % 2 == 0) {
                abort(i % 3, 0);
            } else {
                commit(i % 3, 0);
            }
            if (i % 50 == 20) {
                engine.scheduler().runAll();
            }
        }
        assertThat(aborted()).hasSize(100);
        for (long from = 0; from < log.logEndOffset(); from += 4) {
            assertThat(log.abortedTransactions(from, from + 4))
                    .containsExactly(new AbortedTransaction((from / 2) % 3, from, from + 1, from + 2));
        }
        List<AbortedTransaction> all = aborted();
        reopen("internal.segment.bytes", "500");
        assertThat(aborted()).isEqualTo(all);
    }
}
