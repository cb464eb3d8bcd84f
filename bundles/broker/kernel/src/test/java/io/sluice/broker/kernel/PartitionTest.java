package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.TopicPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.AppendEntry;
import io.sluice.broker.api.AppendOrigin;
import io.sluice.broker.api.AppendOutcome;
import io.sluice.broker.api.AppendTicket;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.broker.api.PartitionStatus;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.replication.kit.DelayedReplication;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.kit.Batches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What appends and reads get while the parts of a partition are there, away, or broken. */
class PartitionTest {
    private static final int ALL = -1;
    private static final int LEADER = 1;

    private final DelayedReplication replication = new DelayedReplication();
    private KernelFixture kernel;
    private Partition partition;

    @BeforeEach
    void begin(@TempDir Path data) {
        replication.immediate(true);
        kernel = KernelFixture.whole(data, replication);
        partition = kernel.lead("t");
    }

    private static AppendOutcome outcome(AppendTicket ticket) {
        assertThat(ticket.isComplete()).isTrue();
        return ticket.outcome(0);
    }

    private static ErrorCode error(AppendTicket ticket) {
        return outcome(ticket).error();
    }

    private Partition anew() {
        return kernel.add(new TopicIdPartition(new Uuid(8L, 8L), new TopicPartition("t", 0)), true);
    }

    // ---- whole

    @Test
    void shouldGiveOffsetsInOrderAndServeWhatIsCommitted() {
        assertThat(outcome(kernel.append(partition, ALL, "a", "b")).baseOffset())
                .isZero();
        AppendOutcome second = outcome(kernel.append(partition, LEADER, "c"));

        assertThat(second.baseOffset()).isEqualTo(2L);
        assertThat(second.lastOffset()).isEqualTo(2L);
        assertThat(partition.highWatermark()).isEqualTo(3L);
        assertThat(kernel.values(partition, 0L)).containsExactly("a", "b", "c");
        assertThat(partition.status().state()).isEqualTo("Online");
    }

    @Test
    void shouldAnswerAcksOfAllWhenTheRecordsAreCommittedAndShowThemToReadersThen() {
        replication.immediate(false);
        AppendTicket all = kernel.append(partition, ALL, "a");
        AppendTicket leader = kernel.append(partition, LEADER, "b");
        AppendTicket later = kernel.append(partition, ALL, "c");

        assertThat(leader.isComplete()).isTrue();
        assertThat(all.isComplete()).isFalse();
        assertThat(kernel.values(partition, 0L)).isEmpty();
        assertThat(kernel.fetch(partition, 0L).highWatermark()).isZero();

        replication.commit(partition.id(), 2L);

        assertThat(outcome(all).baseOffset()).isZero();
        assertThat(later.isComplete()).isFalse();
        assertThat(kernel.values(partition, 0L)).containsExactly("a", "b");

        replication.commitAll();
        assertThat(outcome(later).baseOffset()).isEqualTo(2L);
    }

    @Test
    void shouldTellACoordinatorThatItsRecordsAreInTheLogBeforeTheyAreCommitted() {
        replication.immediate(false);

        AppendTicket written = byCoordinator();
        assertThat(written.isComplete()).isFalse();
        assertThat(written.isWritten()).isTrue();

        kernel.withdrawEngine();
        AppendTicket parked = byCoordinator();
        assertThat(parked.isWritten()).isFalse();
    }

    private AppendTicket byCoordinator() {
        AppendEntry entry =
                new AppendEntry(partition.id().topicPartition(), partition.id().topicId(), Batches.of(1_000L, "a"));
        return kernel.table.append(List.of(entry), (short) ALL, 1_000, AppendOrigin.COORDINATOR);
    }

    @Test
    void shouldNotLowerTheHighWatermark() {
        replication.immediate(false);
        kernel.append(partition, LEADER, "a", "b");
        replication.commit(partition.id(), 2L);

        replication.commit(partition.id(), 1L);

        assertThat(partition.highWatermark()).isEqualTo(2L);
    }

    @Test
    void shouldRefuseWhatTheStrategyDoesNotAdmit() {
        replication.refuse(ErrorCode.NOT_ENOUGH_REPLICAS);

        assertThat(error(kernel.append(partition, ALL, "a"))).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);

        replication.refuse(ErrorCode.NONE);
        assertThat(outcome(kernel.append(partition, ALL, "b")).baseOffset()).isZero();
    }

    @Test
    void shouldAnswerADuplicateAsTheFirstAndAppendItOnce() {
        kernel.append(partition, ALL, Batches.idempotent(9L, 0, 0, 1_000L, "a"));

        AppendOutcome again = outcome(kernel.append(partition, ALL, Batches.idempotent(9L, 0, 0, 1_000L, "a")));

        assertThat(again.error()).isEqualTo(ErrorCode.NONE);
        assertThat(again.baseOffset()).isZero();
        assertThat(partition.highWatermark()).isEqualTo(1L);
    }

    @Test
    void shouldRefuseAGapOfAProducer() {
        kernel.append(partition, ALL, Batches.idempotent(9L, 0, 0, 1_000L, "a"));

        assertThat(error(kernel.append(partition, ALL, Batches.idempotent(9L, 0, 5, 1_000L, "b"))))
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(partition.highWatermark()).isEqualTo(1L);
    }

    /** What is sent from within an append finds the partition busy and is done after it, by whoever has the partition. */
    @Test
    void shouldAppendAfterTheOneThatIsUnderWay() {
        AppendTicket first = new AppendTicket(
                List.of(new AppendEntry(partition.id().topicPartition(), Uuid.ZERO, ByteBuffer.allocate(0))));
        List<AppendTicket> second = new ArrayList<>();
        List<Boolean> completeInTheCall = new ArrayList<>();
        first.whenComplete(() -> {
            AppendTicket ticket = kernel.append(partition, ALL, "second");
            completeInTheCall.add(ticket.isComplete());
            second.add(ticket);
        });

        partition.append(new AppendWork(first, 0, (short) ALL, AppendOrigin.CLIENT, Batches.of(1_000L, "first")));

        assertThat(completeInTheCall).containsExactly(false);
        assertThat(outcome(first).baseOffset()).isZero();
        assertThat(outcome(second.get(0)).baseOffset()).isEqualTo(1L);
        assertThat(kernel.values(partition, 0L)).containsExactly("first", "second");
    }

    @Test
    void shouldRefuseAReaderThatIsOutsideTheLog() {
        kernel.append(partition, ALL, "a");

        assertThat(kernel.fetch(partition, 1L).error()).isEqualTo(ErrorCode.NONE);
        assertThat(kernel.fetch(partition, 2L).error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void shouldFenceReadersByTheirLeaderEpoch() {
        kernel.append(partition, ALL, "a");

        assertThat(fetchUnder(2).error()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(fetchUnder(4).error()).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
        FetchOutcome same = fetchUnder(3);
        assertThat(same.error()).isEqualTo(ErrorCode.NONE);
        same.records().release();
    }

    private FetchOutcome fetchUnder(int epoch) {
        return kernel.table.fetch(new FetchPosition(partition.id(), 0L, epoch, -1, false), 1_000, true);
    }

    @Test
    void shouldTellAReaderWhereItsLogDiverges() {
        kernel.append(partition, ALL, "a", "b");
        partition.updateLeadership(KernelFixture.state(5), true);
        kernel.clock.run();
        kernel.append(partition, ALL, "c", "d");

        FetchOutcome beyond = fetchAfter(3L, 3);
        assertThat(beyond.error()).isEqualTo(ErrorCode.NONE);
        assertThat(beyond.divergingEpoch()).isEqualTo(3);
        assertThat(beyond.divergingEndOffset()).isEqualTo(2L);
        assertThat(beyond.records().sizeInBytes()).isZero();
        assertThat(fetchAfter(4L, 5).divergingEpoch()).isEqualTo(-1);
    }

    @Test
    void shouldRefuseAReaderWhoseEpochTheLogNeverSaw() {
        kernel.append(partition, ALL, "a", "b");

        assertThat(fetchAfter(2L, 9).error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    private FetchOutcome fetchAfter(long offset, int lastFetchedEpoch) {
        return kernel.table.fetch(new FetchPosition(partition.id(), offset, -1, lastFetchedEpoch, false), 1_000, true);
    }

    @Test
    void shouldKnowATopicByItsId() {
        kernel.append(partition, ALL, "a");
        TopicPartition name = partition.id().topicPartition();
        Uuid other = new Uuid(1L, 2L);

        assertThat(kernel.table
                        .fetch(new FetchPosition(new TopicIdPartition(other, name), 0L, -1, -1, false), 100, true)
                        .error())
                .isEqualTo(ErrorCode.INCONSISTENT_TOPIC_ID);
        assertThat(error(kernel.table.append(
                        List.of(new AppendEntry(name, other, Batches.of(1L, "x"))),
                        (short) 1,
                        1_000,
                        AppendOrigin.CLIENT)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(error(kernel.table.append(
                        List.of(new AppendEntry(name, Uuid.ZERO, Batches.of(1L, "x"))),
                        (short) 1,
                        1_000,
                        AppendOrigin.CLIENT)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRaiseTheStartOfTheLog() {
        kernel.append(partition, ALL, "a");
        kernel.append(partition, ALL, "b");

        assertThat(partition.deleteRecords(1L).value()).isEqualTo(1L);
        assertThat(partition.deleteRecords(5L).value()).isEqualTo(-1L);
        assertThat(kernel.fetch(partition, 0L).error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(partition.deleteRecords(-1L).value()).isEqualTo(2L);
    }

    // ---- what takes time

    private static ByteBuffer compressed(int bytes) {
        StringBuilder noise = new StringBuilder();
        RandomSource random = RandomSource.seeded(bytes);
        while (noise.length() < bytes) {
            noise.append(Long.toString(random.nextLong(), 36));
        }
        return Batches.compressed(CompressionType.GZIP, 1_000L, noise.toString());
    }

    @Test
    void shouldDecodeLargeBatchesOnAWorkerAndKeepTheOrder() {
        AppendTicket large = kernel.append(partition, ALL, compressed(128 * 1024));
        AppendTicket behind = kernel.append(partition, ALL, "behind");
        assertThat(large.isComplete()).isFalse();
        assertThat(behind.isComplete()).isFalse();

        kernel.clock.run();

        assertThat(outcome(large).baseOffset()).isZero();
        assertThat(outcome(behind).baseOffset()).isEqualTo(1L);
        assertThat(kernel.memory().usedBytes()).isZero();
    }

    @Test
    void shouldAppendSmallCompressedAndLargePlainBatchesWhereTheyCame() {
        assertThat(kernel.append(partition, ALL, compressed(4 * 1024)).isComplete())
                .isTrue();
        assertThat(kernel.append(partition, ALL, "x".repeat(128 * 1024)).isComplete())
                .isTrue();
    }

    @Test
    void shouldLeaveWhatTakesTimeToAWorkerAlsoWhenItFindsItInTheQueue() {
        AppendTicket first = new AppendTicket(
                List.of(new AppendEntry(partition.id().topicPartition(), Uuid.ZERO, ByteBuffer.allocate(0))));
        List<AppendTicket> during = new ArrayList<>();
        first.whenComplete(() -> during.add(kernel.append(partition, ALL, compressed(128 * 1024))));

        partition.append(new AppendWork(first, 0, (short) ALL, AppendOrigin.CLIENT, Batches.of(1_000L, "first")));

        assertThat(during.get(0).isComplete()).isFalse();
        kernel.clock.run();
        assertThat(outcome(during.get(0)).baseOffset()).isEqualTo(1L);
    }

    @Test
    void shouldDecodeWhereItCameWhenThereIsNoMemoryToHandItOver() {
        int all = (int) kernel.memory().ceilingBytes();
        kernel.memory().reserve(RequestMemory.Share.RESERVE, all);

        AppendTicket large = kernel.append(partition, ALL, compressed(128 * 1024));

        assertThat(outcome(large).error()).isEqualTo(ErrorCode.NONE);
    }

    // ---- the engine is away

    @Test
    void shouldKeepWhatComesWhileTheEngineIsAwayAndAppendItInOrder() {
        kernel.append(partition, ALL, "a");
        kernel.withdrawEngine();
        ByteBuffer borrowed = Batches.of(1_000L, "b");
        AppendTicket first = kernel.append(partition, ALL, borrowed);
        for (int i = 0; i < borrowed.limit(); i++) {
            borrowed.put(i, (byte) 0); // the transport reuses its buffer
        }
        AppendTicket second = kernel.append(partition, ALL, "c");
        kernel.clock.pass(Partition.PARKED_MS - 1L);
        assertThat(first.isComplete()).isFalse();

        kernel.offerEngine();

        assertThat(outcome(first).baseOffset()).isEqualTo(1L);
        assertThat(outcome(second).baseOffset()).isEqualTo(2L);
        assertThat(kernel.values(partition, 0L)).containsExactly("a", "b", "c");
    }

    @Test
    void shouldAppendWhatComesAfterTheEngineBehindWhatWaits() {
        kernel.withdrawEngine();
        AppendTicket waiting = kernel.append(partition, ALL, "first");
        kernel.engines.offer(
                KernelFixture.MEMORY,
                new PartRole.Candidate<>(
                        new io.sluice.storage.memory.MemoryEngineFactory(1L << 20), "b", 0, "bundle", "2"));

        AppendTicket coming = kernel.append(partition, ALL, "second"); // before what waits was woken
        kernel.clock.run();

        assertThat(outcome(waiting).baseOffset()).isZero();
        assertThat(outcome(coming).baseOffset()).isEqualTo(1L);
    }

    @Test
    void shouldSendProducersElsewhereWhenTheEngineStaysAway() {
        kernel.withdrawEngine();
        AppendTicket waiting = kernel.append(partition, ALL, "a");

        kernel.clock.pass(Partition.PARKED_MS);

        assertThat(error(waiting)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        kernel.offerEngine();
        assertThat(kernel.values(partition, 0L)).isEmpty();
    }

    @Test
    void shouldNotMeasureASecondAbsenceByTheTimerOfTheFirst() {
        kernel.withdrawEngine();
        kernel.append(partition, ALL, "a");
        kernel.clock.pass(1_000L);
        kernel.offerEngine();
        kernel.clock.pass(Partition.PARKED_MS - 2_000L);
        kernel.withdrawEngine();
        AppendTicket waiting = kernel.append(partition, ALL, "b");

        kernel.clock.pass(Partition.PARKED_MS - 1L);
        assertThat(waiting.isComplete()).isFalse();
        kernel.clock.pass(1L);
        assertThat(error(waiting)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldTimeOutAgainWhatWaitsInASecondAbsence() {
        kernel.withdrawEngine();
        kernel.append(partition, ALL, "a");
        kernel.clock.pass(Partition.PARKED_MS);
        AppendTicket waiting = kernel.append(partition, ALL, "b");

        kernel.clock.pass(Partition.PARKED_MS);

        assertThat(error(waiting)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldLetReadersWaitWhileTheEngineIsAwayAndSendThemElsewhereWhenItStaysAway() {
        kernel.append(partition, ALL, "a");
        kernel.withdrawEngine();

        FetchOutcome waiting = kernel.fetch(partition, 0L);
        assertThat(waiting.error()).isEqualTo(ErrorCode.NONE);
        assertThat(waiting.highWatermark()).isEqualTo(1L);
        assertThat(waiting.records().sizeInBytes()).isZero();

        kernel.clock.pass(Partition.PARKED_MS + 1L);
        assertThat(kernel.fetch(partition, 0L).error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);

        kernel.offerEngine();
        assertThat(kernel.values(partition, 0L)).containsExactly("a");
    }

    @Test
    void shouldSayThatItIsParked() {
        kernel.withdrawEngine();

        PartitionStatus status = partition.status();

        assertThat(status.state()).isEqualTo("Parked");
        assertThat(status.reason()).contains("memory").contains("not open");
    }

    @Test
    void shouldRecheckTheTopicOfWhatWaited() {
        kernel.withdrawEngine();
        AppendTicket waiting = kernel.append(partition, ALL, "a");
        kernel.table.remove(partition.id().topicPartition());
        kernel.engines.delete(partition, () -> {});
        Partition next = anew();

        kernel.offerEngine();

        assertThat(error(waiting)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(kernel.values(next, 0L)).isEmpty();
        assertThat(error(kernel.append(partition, ALL, "b"))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldRefuseWhatWaitedWhenAnotherLeads() {
        kernel.withdrawEngine();
        AppendTicket waiting = kernel.append(partition, ALL, "a");

        partition.updateLeadership(KernelFixture.state(4), false);

        assertThat(error(waiting)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        kernel.offerEngine();
        assertThat(error(kernel.append(partition, ALL, "b"))).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(kernel.fetch(partition, 0L).error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldAppendWhatWaitedUnderTheEpochThatHoldsThen() {
        kernel.withdrawEngine();
        AppendTicket waiting = kernel.append(partition, ALL, "a");
        partition.updateLeadership(KernelFixture.state(5), true);

        kernel.offerEngine();

        assertThat(error(waiting)).isEqualTo(ErrorCode.NONE);
        assertThat(partition.endOffsetFor(5, 5).endOffset()).isEqualTo(1L);
        assertThat(fetchUnder(3).error()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
    }

    // ---- the strategy is away

    @Test
    void shouldKeepWhatComesWhileTheStrategyIsAwayAndReadOn() {
        kernel.append(partition, ALL, "a");
        kernel.withdrawReplication();
        AppendTicket waiting = kernel.append(partition, ALL, "b");

        assertThat(waiting.isComplete()).isFalse();
        assertThat(kernel.values(partition, 0L)).containsExactly("a");
        assertThat(partition.status().state()).isEqualTo("Parked");

        kernel.offerReplication(replication);
        replication.commitAll();

        assertThat(outcome(waiting).baseOffset()).isEqualTo(1L);
    }

    @Test
    void shouldSendProducersElsewhereWhenTheStrategyStaysAway() {
        kernel.withdrawReplication();
        AppendTicket waiting = kernel.append(partition, ALL, "a");

        kernel.clock.pass(Partition.PARKED_MS);

        assertThat(error(waiting)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldAnswerWhatWaitedForItsCommitWhenTheNextStrategyKnowsIt() {
        replication.immediate(false);
        AppendTicket waiting = kernel.append(partition, ALL, "a");
        kernel.withdrawReplication();
        assertThat(waiting.isComplete()).isFalse();
        DelayedReplication next = new DelayedReplication();
        kernel.offerReplication(next);

        next.commitAll();

        assertThat(error(waiting)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseWhatWaitsForItsCommitWhenAnotherLeads() {
        replication.immediate(false);
        AppendTicket waiting = kernel.append(partition, ALL, "a");

        partition.updateLeadership(KernelFixture.state(4), false);

        assertThat(error(waiting)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    // ---- broken

    @Test
    void shouldBeOfflineWithTheReasonWhenTheLogDoesNotOpen() {
        kernel.append(partition, ALL, "a");
        kernel.withdrawEngine();
        AppendTicket waiting = kernel.append(partition, ALL, "b");

        kernel.offerEngine(new BrokenEngine("the disk is gone"));

        assertThat(error(waiting)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        AppendOutcome later = outcome(kernel.append(partition, ALL, "c"));
        assertThat(later.error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(later.message()).contains("the disk is gone");
        assertThat(kernel.fetch(partition, 0L).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(partition.endOffsetFor(-1, 3).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(partition.status().state()).isEqualTo("Offline");
        assertThat(partition.status().reason()).contains("the disk is gone");
    }

    @Test
    void shouldComeBackWhenTheNextEngineOpensTheLog() {
        kernel.withdrawEngine();
        kernel.offerEngine(new BrokenEngine("the disk is gone"));
        kernel.withdrawEngine();

        kernel.offerEngine();

        assertThat(error(kernel.append(partition, ALL, "a"))).isEqualTo(ErrorCode.NONE);
        assertThat(partition.status().state()).isEqualTo("Online");
    }

    @Test
    void shouldRefuseEverythingOnceItsTopicIsDeleted() {
        replication.immediate(false);
        AppendTicket waiting = kernel.append(partition, ALL, "a");

        kernel.engines.delete(partition, () -> {});
        kernel.clock.run();

        assertThat(error(waiting)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(kernel.append(partition, ALL, "b"))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(kernel.fetch(partition, 0L).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    // ---- nobody is at a log that is taken away

    @Test
    void shouldTakeTheLogAwayOnlyWhenNobodyReadsIt() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> reader = threads.submit(() -> partition.ask(-1, (log, end) -> {
                reading.countDown();
                Uninterruptibly.await(mayEnd, 10_000L);
                return log.logEndOffset();
            }));
            assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
            Future<PartitionLog> taken = threads.submit(partition::detachLog);
            Awaitility.await().until(() -> !partition.hasLog());
            assertThat(taken.isDone()).isFalse();

            mayEnd.countDown();

            assertThat(taken.get(10, TimeUnit.SECONDS)).isNotNull();
            reader.get(10, TimeUnit.SECONDS);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void shouldAskOnlyAsLongAsPatienceLasts() {
        kernel.withdrawEngine();
        kernel.clock.tick(100L);
        long before = kernel.clock.milliseconds();

        assertThat(partition.endOffsetFor(-1, 3).error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(kernel.clock.milliseconds() - before).isBetween(Partition.PARKED_MS, Partition.PARKED_MS + 500L);
    }

    @Test
    void shouldAnswerAQuestionWhenTheEngineIsBackInTime() throws IOException {
        kernel.append(partition, ALL, "a");
        kernel.withdrawEngine();
        kernel.clock.tick(100L);
        kernel.clock.schedule(1_000L, kernel::offerEngine);

        assertThat(partition.endOffsetFor(-1, 3).endOffset()).isEqualTo(1L);
        assertThat(partition.maintain()).isNotNull();
    }
}
