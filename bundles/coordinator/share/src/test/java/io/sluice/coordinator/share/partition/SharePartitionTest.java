package io.sluice.coordinator.share.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.TopicIdPartition;
import io.sluice.base.Uuid;
import io.sluice.broker.api.FetchOutcome;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.runtime.Reply;
import io.sluice.coordinator.share.ShareGroupSettings;
import io.sluice.coordinator.share.state.ReadOutcome;
import io.sluice.coordinator.share.state.SharePartitionKey;
import io.sluice.coordinator.share.state.ShareState;
import io.sluice.coordinator.share.state.StateBatch;
import io.sluice.coordinator.share.state.StateChange;
import io.sluice.coordinator.share.state.StateOutcome;
import io.sluice.coordinator.share.state.StatePersister;
import io.sluice.coordinator.share.state.SummaryOutcome;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.storage.api.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharePartitionTest {
    private static final Uuid TOPIC = new Uuid(0L, 9L);
    private static final SharePartitionKey KEY = new SharePartitionKey("group", TOPIC, 0);
    private static final int LOCK_MS = 30_000;

    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(1L));
    private final HeldPersister persister = new HeldPersister();
    private final HeldOffice office = new HeldOffice();
    private final AtomicInteger closings = new AtomicInteger();
    private SharePartition partition = newPartition();

    /** Keeps questions until the test answers them. */
    private static final class HeldPersister implements StatePersister {
        private final List<StateChange> changes = new ArrayList<>();
        private final List<Reply<StateOutcome>> writes = new ArrayList<>();
        private ReadOutcome kept = new ReadOutcome(ErrorCode.NONE, null, 1, 0L, List.of());

        @Override
        public void initialize(SharePartitionKey key, int stateEpoch, long startOffset, Reply<StateOutcome> reply) {
            throw new UnsupportedOperationException("leaders begin no state");
        }

        @Override
        public void read(SharePartitionKey key, int leaderEpoch, Reply<ReadOutcome> reply) {
            reply.answer(kept);
        }

        @Override
        public void write(SharePartitionKey key, StateChange change, Reply<StateOutcome> reply) {
            changes.add(change);
            writes.add(reply);
        }

        @Override
        public void delete(SharePartitionKey key, Reply<StateOutcome> reply) {
            throw new UnsupportedOperationException("leaders forget no state");
        }

        @Override
        public void summarize(SharePartitionKey key, Reply<SummaryOutcome> reply) {
            throw new UnsupportedOperationException("leaders know it");
        }
    }

    /** Keeps dead letters until the test says that they are where they belong. */
    private static final class HeldOffice implements DeadLetterOffice {
        private final List<DeadLetter> letters = new ArrayList<>();
        private final List<Runnable> sendings = new ArrayList<>();
        private boolean serves;

        @Override
        public boolean serves(ShareGroupSettings of) {
            return serves;
        }

        @Override
        public void send(String groupId, TopicIdPartition from, DeadLetter letter, Runnable done) {
            letters.add(letter);
            sendings.add(done);
        }
    }

    private SharePartition newPartition() {
        ShareGroupSettings settings = new ShareGroupSettings(LOCK_MS, 5, 2_000, true, false, "earliest", "", false);
        ShareEnvironment environment = new ShareEnvironment(
                persister,
                new SimulatedPartitions("topic", 1, scheduler),
                scheduler,
                scheduler,
                group -> settings,
                office);
        return new SharePartition(
                KEY, new TopicIdPartition(TOPIC, "topic", 0), 3, environment, closed -> closings.incrementAndGet());
    }

    @BeforeEach
    void load() {
        partition.load();
        scheduler.runUntilIdle();
    }

    /** One batch for each pair of offsets. */
    private static ByteBufferRecords log(long... firstAndLast) {
        ByteBuffer all = ByteBuffer.allocate(10_000);
        for (int i = 0; i < firstAndLast.length; i += 2) {
            all.put(batch(firstAndLast[i], firstAndLast[i + 1], new RecordBatchBuilder()));
        }
        return new ByteBufferRecords(all.flip());
    }

    private static ByteBuffer batch(long first, long last, RecordBatchBuilder builder) {
        builder.baseOffset(first);
        for (long offset = first; offset <= last; offset++) {
            builder.append(null, ByteBuffer.wrap(new byte[] {1}), 0L);
        }
        return builder.build();
    }

    private static FetchOutcome read(ByteBufferRecords records) {
        return new FetchOutcome(ErrorCode.NONE, 100L, 100L, 0L, -1, -1L, records);
    }

    private List<AcquiredRange> fetch(String member, ByteBufferRecords records) throws IOException {
        FetchTurn turn = partition.beginFetch();
        return partition
                .endFetch(member, Objects.requireNonNull(turn.position()), read(records), 500, 500, false)
                .acquired();
    }

    private List<ErrorCode> acknowledge(String member, long first, long last, byte type) {
        List<ErrorCode> told = new ArrayList<>();
        Consumer<AcknowledgeOutcome> outcome = one -> told.add(one.error());
        partition.acknowledge(member, List.of(new Acknowledgement(first, last, List.of(type))), outcome);
        return told;
    }

    private void answerWrite(ErrorCode error) {
        persister.writes.remove(0).answer(new StateOutcome(error, null));
        scheduler.runUntilIdle();
    }

    @Test
    void shouldAnswerAnAcknowledgementOnlyWhenItIsKept() throws IOException {
        assertThat(fetch("a", log(0, 9))).containsExactly(new AcquiredRange(0, 9, 1));
        List<ErrorCode> told = acknowledge("a", 0, 4, AcknowledgeType.ACCEPT);
        assertThat(told).isEmpty();
        assertThat(persister.changes).hasSize(1);
        assertThat(persister.changes.get(0).startOffset()).isEqualTo(5L);
        assertThat(persister.changes.get(0).stateEpoch()).isEqualTo(1);
        assertThat(persister.changes.get(0).leaderEpoch()).isEqualTo(3);
        answerWrite(ErrorCode.NONE);
        assertThat(told).containsExactly(ErrorCode.NONE);
    }

    @Test
    void shouldLetAcknowledgementsThatComeDuringAWriteShareTheNext() throws IOException {
        fetch("a", log(0, 9));
        List<ErrorCode> first = acknowledge("a", 0, 0, AcknowledgeType.ACCEPT);
        List<ErrorCode> second = acknowledge("a", 5, 5, AcknowledgeType.ACCEPT);
        List<ErrorCode> third = acknowledge("a", 6, 6, AcknowledgeType.ACCEPT);
        assertThat(persister.writes).hasSize(1);
        answerWrite(ErrorCode.NONE);
        assertThat(first).hasSize(1);
        assertThat(second).isEmpty();
        assertThat(persister.changes.get(1).batches()).containsExactly(new StateBatch(5, 6, (byte) 2, (short) 1));
        answerWrite(ErrorCode.NONE);
        assertThat(second).containsExactly(ErrorCode.NONE);
        assertThat(third).containsExactly(ErrorCode.NONE);
    }

    @Test
    void shouldCloseWhenAWriteFailsAndTellWhoeverWaits() throws IOException {
        fetch("a", log(0, 9));
        List<ErrorCode> first = acknowledge("a", 0, 0, AcknowledgeType.ACCEPT);
        List<ErrorCode> second = acknowledge("a", 1, 1, AcknowledgeType.ACCEPT);
        AtomicInteger woken = new AtomicInteger();
        partition.await("b", partition.beginFetch(), woken::incrementAndGet);
        partition.leaveFetch();
        answerWrite(ErrorCode.FENCED_STATE_EPOCH);
        assertThat(first).containsExactly(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(second).containsExactly(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(closings).hasValue(1);
        assertThat(woken).hasValue(1);
        assertThat(partition.failure().error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldWakeWhoeverWaitsWhenALockEnds() throws IOException {
        fetch("a", log(0, 9));
        FetchTurn turn = partition.beginFetch();
        assertThat(Objects.requireNonNull(turn.position()).offset()).isEqualTo(10L);
        partition.leaveFetch();
        AtomicInteger woken = new AtomicInteger();
        partition.await("b", turn, woken::incrementAndGet);
        scheduler.advance(LOCK_MS - 1L);
        assertThat(woken).hasValue(0);
        scheduler.advance(2L);
        assertThat(woken).hasValue(1);
        assertThat(fetch("b", log(0, 9))).containsExactly(new AcquiredRange(0, 9, 2));
    }

    @Test
    void shouldLetOneMemberReadAtATimeAndWakeTheNext() {
        FetchTurn first = partition.beginFetch();
        FetchTurn second = partition.beginFetch();
        assertThat(first.position()).isNotNull();
        assertThat(second.position()).isNull();
        assertThat(second.isBehindAnother()).isTrue();
        AtomicInteger woken = new AtomicInteger();
        partition.await("b", second, woken::incrementAndGet);
        partition.leaveFetch();
        assertThat(woken).hasValue(1);
    }

    @Test
    void shouldReleaseWhatALeavingMemberHoldsAfterAMoment() throws IOException {
        fetch("a", log(0, 4, 5, 9));
        partition.release("a");
        assertThat(Objects.requireNonNull(partition.beginFetch().position()).offset())
                .isEqualTo(10L);
        partition.leaveFetch();
        scheduler.advance(400L);
        assertThat(persister.changes.get(0).batches()).containsExactly(new StateBatch(0, 9, (byte) 0, (short) 1));
        assertThat(fetch("b", log(0, 4, 5, 9))).containsExactly(new AcquiredRange(0, 9, 2));
    }

    @Test
    void shouldKeepWhatAllMembersLeftAndCloseThen() throws IOException {
        fetch("a", log(0, 9));
        partition.retire();
        assertThat(closings).hasValue(0);
        assertThat(persister.changes.get(0).batches()).containsExactly(new StateBatch(0, 9, (byte) 0, (short) 1));
        answerWrite(ErrorCode.NONE);
        assertThat(closings).hasValue(1);
    }

    @Test
    void shouldGiveTheBatchesOfWhatWasTakenOnly() throws IOException {
        FetchTurn turn = partition.beginFetch();
        ByteBufferRecords records = log(0, 4, 5, 9, 10, 14);
        Delivery delivery =
                partition.endFetch("a", Objects.requireNonNull(turn.position()), read(records), 6, 500, false);
        assertThat(delivery.acquired()).containsExactly(new AcquiredRange(0, 9, 1));
        assertThat(delivery.records().sizeInBytes()).isEqualTo(log(0, 4, 5, 9).sizeInBytes());
    }

    @Test
    void shouldNotDeliverWhatWasAborted() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(10_000);
        all.put(batch(0, 1, new RecordBatchBuilder().producer(7L, (short) 0, 0).transactional(true)));
        all.put(batch(2, 3, new RecordBatchBuilder()));
        ByteBufferRecords records = new ByteBufferRecords(all.flip());
        FetchTurn turn = partition.beginFetch();
        FetchOutcome outcome = new FetchOutcome(
                ErrorCode.NONE, 4L, 4L, 0L, -1, -1L, records, List.of(new AbortedTransaction(7L, 0L, 4L, 4L)));
        assertThat(partition
                        .endFetch("a", Objects.requireNonNull(turn.position()), outcome, 500, 500, false)
                        .acquired())
                .containsExactly(new AcquiredRange(2, 3, 1));
        assertThat(persister.changes.get(0).startOffset()).isEqualTo(2L);
    }

    @Test
    void shouldAnswerRenewalsThatNeedNotBeKept() throws IOException {
        fetch("a", log(0, 9));
        scheduler.advance(LOCK_MS / 2);
        assertThat(acknowledge("a", 0, 9, AcknowledgeType.RENEW)).containsExactly(ErrorCode.NONE);
        scheduler.advance(LOCK_MS - 10L);
        assertThat(Objects.requireNonNull(partition.beginFetch().position()).offset())
                .isEqualTo(10L);
    }

    @Test
    void shouldGoOnFromWhatWasKept() throws IOException {
        persister.kept =
                new ReadOutcome(ErrorCode.NONE, null, 2, 4L, List.of(new StateBatch(6, 7, (byte) 2, (short) 1)));
        partition = newPartition();
        load();
        assertThat(fetch("a", log(0, 9))).containsExactly(new AcquiredRange(4, 5, 1), new AcquiredRange(8, 9, 1));
    }

    private void rejectOne() throws IOException {
        office.serves = true;
        fetch("a", log(0, 9));
        acknowledge("a", 2, 2, AcknowledgeType.REJECT);
    }

    @Test
    void shouldSendDeadLettersOnlyWhenItIsKeptThatTheyAreSome() throws IOException {
        rejectOne();
        assertThat(persister.changes.get(0).batches()).containsExactly(new StateBatch(2, 2, (byte) 3, (short) 1));
        assertThat(office.letters).isEmpty();
        answerWrite(ErrorCode.NONE);
        assertThat(office.letters).containsExactly(new DeadLetter(2, 2, 1, DeadLetter.Cause.REJECTED));
        office.sendings.get(0).run();
        assertThat(persister.changes.get(1).batches()).containsExactly(new StateBatch(2, 2, (byte) 4, (short) 1));
    }

    @Test
    void shouldSendNoDeadLetterWhoseStateIsLost() throws IOException {
        rejectOne();
        answerWrite(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(office.letters).isEmpty();
    }

    @Test
    void shouldKeepThatADeadLetterIsWhereItBelongsWhenAllMembersHaveLeftMeanwhile() throws IOException {
        rejectOne();
        partition.retire();
        answerWrite(ErrorCode.NONE);
        answerWrite(ErrorCode.NONE);
        assertThat(closings).hasValue(1);
        office.sendings.get(0).run();
        StateChange last = persister.changes.get(persister.changes.size() - 1);
        assertThat(last.batches()).containsExactly(new StateBatch(2, 2, (byte) 4, (short) 1));
        assertThat(last.startOffset()).isEqualTo(ShareState.NO_START_OFFSET);
        assertThat(office.letters).hasSize(1);
    }

    @Test
    void shouldSendDeadLettersAgainThatWereNotSentBeforeAStop() {
        persister.kept = new ReadOutcome(
                ErrorCode.NONE,
                null,
                2,
                4L,
                List.of(new StateBatch(4, 5, (byte) 3, (short) 1), new StateBatch(6, 6, (byte) 3, (short) 5)));
        partition = newPartition();
        load();
        assertThat(office.letters)
                .containsExactly(
                        new DeadLetter(4, 5, 1, DeadLetter.Cause.REJECTED),
                        new DeadLetter(6, 6, 5, DeadLetter.Cause.DELIVERY_COUNT_EXCEEDED));
    }
}
