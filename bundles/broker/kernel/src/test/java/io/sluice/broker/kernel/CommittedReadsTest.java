package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.SpecialTimestamp;
import io.sluice.replication.kit.DelayedReplication;
import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.TransactionMarker;
import io.sluice.storage.kit.Batches;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What readers of committed records see of a partition (KIP-98). */
final class CommittedReadsTest {
    private static final long PRODUCER = 7L;

    private final DelayedReplication replication = new DelayedReplication();
    private KernelFixture kernel;
    private Partition partition;

    @BeforeEach
    void begin(@TempDir Path data) {
        replication.immediate(true);
        kernel = KernelFixture.whole(data, replication);
        partition = kernel.lead("t");
    }

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

    private FetchPosition committedFrom(long offset) {
        return new FetchPosition(partition.id(), offset, -1, -1, true);
    }

    private FetchOutcome read(long offset) {
        return kernel.table.fetch(committedFrom(offset), 1_000_000, true);
    }

    private long offsetFor(long timestamp, boolean committed) {
        return kernel.table
                .offsetFor(partition.id().topicPartition(), -1, timestamp, committed)
                .offset();
    }

    private ErrorCode guarded(AppendOrigin origin, long guard) {
        ByteBuffer batch = Batches.transactional(PRODUCER, 0, 0, 1_000L, "guarded");
        AppendEntry entry =
                new AppendEntry(partition.id().topicPartition(), partition.id().topicId(), batch).guardedBy(guard);
        return kernel.table
                .append(List.of(entry), (short) 1, 1_000, origin)
                .outcome(0)
                .error();
    }

    @ParameterizedTest
    @EnumSource(
            value = AppendOrigin.class,
            names = {"CLIENT", "COORDINATOR"})
    void shouldNotBeginATransactionThatHasEndedSinceItWasAskedFor(AppendOrigin origin) {
        TopicPartition name = partition.id().topicPartition();
        long guard = kernel.table.transactionGuard(name, PRODUCER, (short) 0);
        end(false);

        assertThat(guarded(origin, guard)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(read(0L).lastStableOffset()).isEqualTo(1L);
        assertThat(guarded(origin, kernel.table.transactionGuard(name, PRODUCER, (short) 0)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldLetNothingBeginUnaskedInAPartitionThatComesJustThen() {
        long guard = kernel.table.transactionGuard(new TopicPartition("coming", 0), PRODUCER, (short) 0);

        assertThat(guarded(AppendOrigin.CLIENT, guard)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    }

    @Test
    void shouldTakeFirstWhatWasAskedForFirst() {
        TopicPartition name = partition.id().topicPartition();
        kernel.table.transactionGuard(name, PRODUCER, (short) 0, 0);
        long guard = kernel.table.transactionGuard(name, PRODUCER, (short) 0, 1);

        ByteBuffer second = Batches.transactional(PRODUCER, 0, 1, 1_000L, "second");
        AppendEntry entry = new AppendEntry(name, partition.id().topicId(), second).guardedBy(guard);
        assertThat(kernel.table
                        .append(List.of(entry), (short) 1, 1_000, AppendOrigin.CLIENT)
                        .outcome(0)
                        .error())
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(guarded(AppendOrigin.CLIENT, guard)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldEndAtTheFirstOpenTransaction() {
        append(Batches.of(1_000L, "a"));
        transaction(0, "b");
        append(Batches.of(2_000L, "c"));
        FetchOutcome outcome = read(0L);
        assertThat(outcome.highWatermark()).isEqualTo(3L);
        assertThat(outcome.lastStableOffset()).isEqualTo(1L);
        assertThat(Batches.values(Batches.take(outcome.records()))).containsExactly("a");
        assertThat(read(1L).records().sizeInBytes()).isZero();
        assertThat(kernel.values(partition, 0L)).containsExactly("a", "b", "c");
        assertThat(kernel.fetch(partition, 3L).lastStableOffset()).isEqualTo(1L);
    }

    @Test
    void shouldTellWhatWasAbortedWithinTheRecords() {
        transaction(0, "a");
        end(false);
        append(Batches.of(1_000L, "b"));
        transaction(1, "c");
        end(true);
        FetchOutcome outcome = read(0L);
        assertThat(outcome.lastStableOffset()).isEqualTo(5L);
        assertThat(outcome.abortedTransactions()).containsExactly(new AbortedTransaction(PRODUCER, 0L, 1L, 2L));
        outcome.records().release();
        FetchOutcome later = read(2L);
        assertThat(later.abortedTransactions()).isEmpty();
        later.records().release();
        assertThat(kernel.fetch(partition, 0L).abortedTransactions()).isEmpty();
    }

    @Test
    void shouldWakeWhoWaitsWhenTheTransactionEndsAndNotBefore() {
        append(Batches.of(1_000L, "a"));
        AtomicInteger woken = new AtomicInteger();
        AtomicInteger other = new AtomicInteger();
        transaction(0, "b");
        kernel.table.watch(List.of(committedFrom(1L)), 1, woken::incrementAndGet);
        kernel.table.watch(List.of(KernelFixture.position(partition, 3L)), 1, other::incrementAndGet);
        append(Batches.of(1_000L, "c"));
        transaction(1, "d");
        kernel.clock.run();
        assertThat(woken).hasValue(0);
        assertThat(other).hasValue(1);
        end(true);
        kernel.clock.run();
        assertThat(woken).hasValue(1);
    }

    @Test
    void shouldCountTheBytesThatATransactionsEndMakesReadable() {
        transaction(0, "a".repeat(500));
        AtomicInteger woken = new AtomicInteger();
        kernel.table.watch(List.of(committedFrom(0L)), 400, woken::incrementAndGet);
        kernel.clock.run();
        assertThat(woken).hasValue(0);
        end(true);
        kernel.clock.run();
        assertThat(woken).hasValue(1);
    }

    @Test
    void shouldWaitForTheMarkerToBeCommittedItself() {
        transaction(0, "a");
        replication.immediate(false);
        end(true);
        assertThat(read(0L).lastStableOffset()).isZero();
        replication.commitAll();
        assertThat(read(0L).lastStableOffset()).isEqualTo(2L);
    }

    @Test
    void shouldAnswerOffsetsBelowTheLastStableOneOnly() {
        append(Batches.of(1_000L, "a"));
        transaction(0, "b");
        append(Batches.of(5_000L, "c"));
        assertThat(offsetFor(SpecialTimestamp.LATEST, true)).isEqualTo(1L);
        assertThat(offsetFor(SpecialTimestamp.LATEST, false)).isEqualTo(3L);
        assertThat(offsetFor(4_000L, true)).isEqualTo(-1L);
        assertThat(offsetFor(4_000L, false)).isEqualTo(2L);
        end(true);
        assertThat(offsetFor(SpecialTimestamp.LATEST, true)).isEqualTo(4L);
        assertThat(offsetFor(4_000L, true)).isEqualTo(2L);
    }
}
