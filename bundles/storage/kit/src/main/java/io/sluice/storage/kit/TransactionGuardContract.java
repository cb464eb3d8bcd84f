package io.sluice.storage.kit;

import static io.sluice.storage.kit.Batches.idempotent;
import static io.sluice.storage.kit.Batches.transactional;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.AppendResult.Appended;
import io.sluice.storage.api.AppendResult.Duplicate;
import io.sluice.storage.api.AppendResult.Rejected;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.StorageEngineFactory;
import io.sluice.storage.api.TransactionGuard;
import io.sluice.storage.api.TransactionMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What guards a transactional append over every engine (KIP-890, {@link TransactionGuard}): no records begin a transaction that has ended since its
 * coordinator was asked, whoever writes them and whatever became of the log meanwhile; else readers of committed records would stop there for good.
 */
public abstract class TransactionGuardContract {
    private static final int EPOCH = 5;
    private static final long DAY_MS = 86_400_000L;

    @TempDir
    protected Path data;

    private EngineFixture engine;
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

    /** A reopening that keeps the contents: a restart where they are durable, else an update. */
    private void reopen() throws IOException {
        log.close();
        if (isDurable()) {
            engine.restart();
        } else {
            engine.update();
        }
        log = engine.log();
    }

    private long now() {
        return engine.time().milliseconds();
    }

    private long guard(long producer, int epoch) throws IOException {
        return log.transactionGuard(producer, (short) epoch);
    }

    /** The same for a client's batch that begins with this sequence number. */
    private long guard(long producer, int epoch, int sequence) throws IOException {
        return log.transactionGuard(producer, (short) epoch, sequence);
    }

    /** What becomes of a client's batch: {@code NONE} when it is in the log. */
    private ErrorCode client(ByteBuffer batch, long guard) throws IOException {
        return outcome(log.appendGuarded(batch, EPOCH, guard));
    }

    /** The same for a coordinator's. */
    private ErrorCode coordinator(ByteBuffer batch, long guard) throws IOException {
        return outcome(log.appendAsCoordinator(batch, EPOCH, 0, guard));
    }

    private static ErrorCode outcome(AppendResult result) {
        return result instanceof Rejected rejected ? rejected.error() : ErrorCode.NONE;
    }

    private void end(long producer, int epoch) throws IOException {
        ByteBuffer marker = new TransactionMarker(true, 0).toBatch(producer, (short) epoch, now());
        assertThat(log.appendAsLeader(marker, false, EPOCH, 0)).isInstanceOf(Appended.class);
    }

    private void assertStable() throws IOException {
        assertThat(log.lastStableOffset(log.logEndOffset())).isEqualTo(log.logEndOffset());
    }

    @Test
    void shouldBeTheLogsEndUntilTheTransactionHasRecords() throws IOException {
        client(Batches.of(now(), "a", "b"), TransactionGuard.NONE);
        assertThat(guard(7, 0)).isEqualTo(2L);

        assertThat(client(transactional(7, 0, 0, now(), "c"), guard(7, 0))).isEqualTo(ErrorCode.NONE);

        assertThat(guard(7, 0)).isEqualTo(TransactionGuard.ONGOING);
        assertThat(guard(7, 1)).as("of another epoch").isEqualTo(3L);
        assertThat(guard(8, 0)).as("of another producer").isEqualTo(3L);
        end(7, 0);
        assertThat(guard(7, 0)).as("after the end").isEqualTo(4L);
    }

    @Test
    void shouldNotBeginATransactionThatHasEndedSince() throws IOException {
        long guard = guard(7, 0);
        end(7, 0);

        assertThat(client(transactional(7, 0, 0, now(), "late"), guard)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(coordinator(transactional(7, 0, 0, now(), "late"), guard)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);

        assertThat(log.logEndOffset()).isEqualTo(1L);
        assertStable();
        assertThat(client(transactional(7, 0, 0, now(), "asked again"), guard(7, 0)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldNotGoOnWithATransactionThatHasEndedSince() throws IOException {
        client(transactional(7, 0, 0, now(), "a"), guard(7, 0));
        long guard = guard(7, 0);
        assertThat(client(transactional(7, 0, 1, now(), "b"), guard)).isEqualTo(ErrorCode.NONE);
        end(7, 0);

        assertThat(client(transactional(7, 0, 2, now(), "late"), guard)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(coordinator(transactional(7, 0, 0, now(), "late"), guard)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);

        assertStable();
    }

    @Test
    void shouldGoOnWithAnOpenTransactionWhateverTheGuard() throws IOException {
        long guard = guard(7, 0);
        end(7, 0);
        client(transactional(7, 0, 0, now(), "a"), guard(7, 0));

        assertThat(client(transactional(7, 0, 1, now(), "b"), guard)).isEqualTo(ErrorCode.NONE);
        assertThat(coordinator(transactional(7, 0, 0, now(), "c"), guard)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldNotMindWhatIsOfOthersOrOfNoTransaction() throws IOException {
        long guard = guard(7, 0);
        end(8, 0);

        assertThat(client(transactional(7, 0, 0, now(), "a"), guard)).isEqualTo(ErrorCode.NONE);
        end(7, 0);
        assertThat(client(idempotent(7, 0, 1, now(), "b"), guard)).isEqualTo(ErrorCode.NONE);
        assertThat(client(Batches.of(now(), "c"), guard)).isEqualTo(ErrorCode.NONE);
        assertThat(coordinator(Batches.of(now(), "d"), guard)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldNotGuardWhatIsNotToBe() throws IOException {
        end(7, 0);

        assertThat(client(transactional(7, 0, 0, now(), "a"), TransactionGuard.NONE))
                .isEqualTo(ErrorCode.NONE);
        end(7, 0);
        assertThat(coordinator(transactional(7, 0, 0, now(), "b"), TransactionGuard.NONE))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldFenceBeforeItGuards() throws IOException {
        long guard = guard(7, 0);
        end(7, 1);

        assertThat(client(transactional(7, 0, 0, now(), "zombie"), guard)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(coordinator(transactional(7, 0, 0, now(), "zombie"), guard))
                .isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void shouldKnowARepetitionThoughItsTransactionHasEnded() throws IOException {
        client(transactional(7, 0, 0, now(), "a"), guard(7, 0));
        long guard = guard(7, 0);
        end(7, 0);

        assertThat(log.appendGuarded(transactional(7, 0, 0, now(), "a"), EPOCH, guard))
                .isInstanceOf(Duplicate.class);
        assertStable();
    }

    @Test
    void shouldHoldOverAReopening() throws IOException {
        client(Batches.of(now(), "a"), TransactionGuard.NONE);
        long older = guard(7, 0);
        end(7, 0);
        client(transactional(8, 0, 0, now(), "open"), guard(8, 0));
        long ongoing = guard(8, 0);

        reopen();

        assertThat(client(transactional(7, 0, 0, now(), "late"), older)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(client(transactional(8, 0, 1, now(), "goes on"), ongoing)).isEqualTo(ErrorCode.NONE);
        assertThat(client(transactional(7, 0, 0, now(), "asked again"), guard(7, 0)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldHoldOverAKill() throws IOException {
        if (!isDurable()) {
            return;
        }
        long older = guard(7, 0);
        log.takeSnapshot();
        end(7, 0);
        engine.scheduler().runAll();
        engine.crash();
        log = engine.log();

        assertThat(client(transactional(7, 0, 0, now(), "late"), older)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertStable();
    }

    @Test
    void shouldHoldWhenTheProducerWasForgotten() throws IOException {
        long older = guard(7, 0);
        end(7, 0);
        engine.time().advance(DAY_MS);
        log.maintain(log.logEndOffset());
        assertThat(log.producers()).isEmpty();

        assertThat(client(transactional(7, 0, 0, now(), "late"), older)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(client(transactional(7, 0, 0, now(), "asked again"), guard(7, 0)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeTheFirstRecordsFirstWhereEachTransactionBeginsAnew() throws IOException {
        long guard = TransactionGuard.fromFirst(guard(7, 3));

        assertThat(client(transactional(7, 3, 1, now(), "second"), guard))
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(client(transactional(7, 3, 0, now(), "first"), guard)).isEqualTo(ErrorCode.NONE);
        assertThat(client(transactional(7, 3, 1, now(), "second"), guard)).isEqualTo(ErrorCode.NONE);
        assertThat(client(transactional(8, 3, 4, now(), "after a long rest"), guard(8, 3)))
                .as("a producer whose sequence goes on")
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeFirstWhatWasSeenFirstOfAProducerThatIsNotKnown() throws IOException {
        guard(7, 3, 4); // and its coordinator is not to be had
        long guard = guard(7, 3, 5);

        assertThat(client(transactional(7, 3, 5, now(), "second"), guard))
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(client(transactional(8, 3, 5, now(), "of another"), guard(8, 3, 5)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(client(transactional(7, 3, 4, now(), "first"), guard(7, 3, 4)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(client(transactional(7, 3, 5, now(), "second"), guard(7, 3, 5)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldNotWaitForTheSequenceOfAnEarlierEpochOrOfLongAgo() throws IOException {
        guard(7, 3, 0);
        assertThat(client(transactional(7, 4, 5, now(), "of the next epoch"), guard(7, 4, 5)))
                .isEqualTo(ErrorCode.NONE);

        guard(8, 3, 0);
        engine.time().advance(DAY_MS);
        log.maintain(log.logEndOffset());
        assertThat(client(transactional(8, 3, 5, now(), "long after"), guard(8, 3, 5)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldAskNobodyForAnEpochThatIsOver() throws IOException {
        end(7, 1);

        long guard = guard(7, 0, 0);

        assertThat(guard).isEqualTo(TransactionGuard.ONGOING);
        assertThat(client(transactional(7, 0, 0, now(), "zombie"), guard)).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(guard(7, 1, 0)).isEqualTo(1L);
        client(transactional(7, 1, 0, now(), "a"), guard(7, 1, 0));
        assertThat(guard(7, 1, 1)).isEqualTo(TransactionGuard.ONGOING);
    }

    @Test
    void shouldGuardTheFirstRecordsAsOthers() throws IOException {
        long guard = TransactionGuard.fromFirst(guard(7, 0));
        end(7, 0);

        assertThat(client(transactional(7, 0, 0, now(), "late"), guard)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(client(transactional(7, 0, 0, now(), "in time"), TransactionGuard.fromFirst(guard(7, 0))))
                .isEqualTo(ErrorCode.NONE);
        long ongoing = guard(7, 0);
        assertThat(TransactionGuard.fromFirst(ongoing)).isEqualTo(ongoing);
    }

    /** Whatever the order of questions, appends, ends and reopenings: once all are ended that were admitted, readers get to the end. */
    @Test
    void shouldNeverLeaveATransactionThatNobodyEnds() throws IOException {
        for (long seed = 1; seed <= 10; seed++) {
            engine.time().advance(1);
            new Course(RandomSource.seeded(seed), 100L * seed).run();
        }
    }

    /** Some producers of one epoch, and a coordinator that ends what it has admitted. */
    private final class Course {
        private static final int PRODUCERS = 3;
        private static final int STEPS = 60;

        private final RandomSource random;
        private final long firstProducer;
        private final long[] guards = new long[PRODUCERS];
        private final boolean[] open = new boolean[PRODUCERS];
        private final boolean[] asked = new boolean[PRODUCERS];

        Course(RandomSource random, long firstProducer) {
            this.random = random;
            this.firstProducer = firstProducer;
        }

        void run() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                act(random.nextInt(PRODUCERS), random.nextInt(20));
            }
            for (int i = 0; i < PRODUCERS; i++) {
                if (open[i]) {
                    end(firstProducer + i, 0);
                }
                append(i); // what was admitted before the end
            }
            assertStable();
        }

        private void act(int i, int what) throws IOException {
            if (what == 0) {
                reopen();
            } else if (what < 7) {
                guards[i] = guard(firstProducer + i, 0);
                asked[i] = true;
                open[i] = true; // the coordinator adds the partition, or has done so before
            } else if (what < 10 && open[i]) {
                end(firstProducer + i, 0);
                open[i] = false;
            } else {
                append(i);
            }
        }

        private void append(int i) throws IOException {
            if (asked[i]) {
                ErrorCode error = coordinator(transactional(firstProducer + i, 0, 0, now(), "x"), guards[i]);
                assertThat(error).isIn(ErrorCode.NONE, ErrorCode.NOT_ENOUGH_REPLICAS);
                assertThat(open[i] || error != ErrorCode.NONE)
                        .as("records of an ended transaction are refused")
                        .isTrue();
            }
        }
    }
}
