package io.sluice.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.TopicPartition;
import io.sluice.broker.api.TransactionEnd;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.runtime.Ledger.Caller;
import io.sluice.coordinator.runtime.Ledger.Entry;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchIterator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of transactions, and the markers that end them. */
class TransactionTurnTest {
    private static final long PRODUCER = 42L;
    private static final short EPOCH = 3;

    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(11L));
    private final SimulatedPartitions partitions = new SimulatedPartitions("ledger", 1, scheduler);
    private final List<Ledger> made = new ArrayList<>();
    private final CoordinatorRuntime<Ledger, Entry> runtime = new CoordinatorRuntime<Ledger, Entry>(
            new CoordinatorConfig("ledger", () -> 1_000, CompressionType.NONE, 400, 1_000L, 5_000, 2_000L),
            Ledger.SERDE,
            (partition, timers) -> {
                Ledger ledger = new Ledger(timers);
                made.add(ledger);
                return ledger;
            },
            partitions,
            scheduler,
            scheduler);

    @BeforeEach
    void load() {
        runtime.start();
        partitions.elect(0, 1);
        scheduler.runUntilIdle();
    }

    private long guard() {
        return partitions.transactionGuard(new TopicPartition("ledger", 0), PRODUCER, EPOCH);
    }

    private Caller pending(String name, String value) {
        Caller caller = new Caller();
        runtime.submit(
                0,
                caller,
                (ledger, turn) -> turn.answer(
                        caller,
                        turn.writePending(PRODUCER, EPOCH, guard(), List.of(new Entry(name, value)))
                                .name()));
        scheduler.runUntilIdle();
        return caller;
    }

    private Caller end(boolean committed) {
        Caller caller = new Caller();
        TransactionEnd end = new TransactionEnd(0, PRODUCER, EPOCH, committed, 5, (short) 1);
        runtime.submit(
                0,
                caller,
                (ledger, turn) -> turn.answer(caller, turn.writeEnd(end).name()));
        scheduler.runUntilIdle();
        return caller;
    }

    private Ledger reloaded() {
        runtime.reload();
        scheduler.advance(100);
        return made.get(made.size() - 1);
    }

    @Test
    void shouldCountWhenTheTransactionIsCommittedAndNotBefore() {
        assertThat(pending("a", "1").outcome).isEqualTo("NONE");
        assertThat(made.get(0).entries).isEmpty();
        assertThat(reloaded().pending).containsKey(PRODUCER);
        assertThat(reloaded().entries).isEmpty();

        assertThat(end(true).outcome).isEqualTo("NONE");

        assertThat(made.get(made.size() - 1).entries).containsEntry("a", "1");
        assertThat(reloaded().entries).containsEntry("a", "1");
        assertThat(reloaded().pending).isEmpty();
    }

    @Test
    void shouldNeverCountWhenTheTransactionIsAborted() {
        pending("a", "1");
        end(false);

        assertThat(made.get(0).entries).isEmpty();
        assertThat(reloaded().entries).isEmpty();
        assertThat(reloaded().pending).isEmpty();
    }

    @Test
    void shouldKeepTheOrderOfWhatIsWrittenInATransactionAndBesideIt() {
        Caller caller = new Caller();
        runtime.submit(0, caller, (ledger, turn) -> {
            turn.write(List.of(new Entry("first", "1")));
            turn.writePending(PRODUCER, EPOCH, guard(), List.of(new Entry("second", "2")));
            turn.write(List.of(new Entry("third", "3")));
            turn.answer(caller, "done");
        });
        scheduler.runUntilIdle();

        assertThat(caller.outcome).isEqualTo("done");
        List<Long> producers = new ArrayList<>();
        RecordBatchIterator batches = new RecordBatchIterator(partitions.log(0).bytes());
        while (batches.next()) {
            producers.add(batches.batch().producerId());
        }
        assertThat(producers).containsExactly(-1L, PRODUCER, -1L);
    }

    @Test
    void shouldSayWhatTheLogHasAgainstAProducerAndGoOn() {
        partitions.failNext(1, ErrorCode.INVALID_PRODUCER_EPOCH, false);
        assertThat(pending("a", "1").outcome).isEqualTo("INVALID_PRODUCER_EPOCH");
        partitions.failNext(1, ErrorCode.TRANSACTION_COORDINATOR_FENCED, false);
        assertThat(end(true).outcome).isEqualTo("TRANSACTION_COORDINATOR_FENCED");

        assertThat(made).hasSize(1);
        assertThat(made.get(0).pending).isEmpty();
    }

    @Test
    void shouldWriteNothingIntoATransactionThatHasEndedSinceItsCoordinatorWasAsked() {
        long asked = guard();
        end(false);
        Caller caller = new Caller();
        runtime.submit(
                0,
                caller,
                (ledger, turn) -> turn.answer(
                        caller,
                        turn.writePending(PRODUCER, EPOCH, asked, List.of(new Entry("late", "1")))
                                .name()));
        scheduler.runUntilIdle();

        assertThat(caller.outcome).isEqualTo("NOT_ENOUGH_REPLICAS");
        assertThat(made.get(0).pending).isEmpty();
        assertThat(partitions.log(0).batchCount()).isEqualTo(1);
    }

    @Test
    void shouldLoadAgainWhenItIsNotKnownWhetherTheLogHasIt() {
        partitions.failNext(1, ErrorCode.REQUEST_TIMED_OUT, true);
        assertThat(pending("a", "1").error).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        scheduler.advance(100);

        assertThat(made).hasSize(2);
        assertThat(made.get(1).pending).containsKey(PRODUCER);
    }

    @Test
    void shouldRefuseOneProducerAloneWhenALogThatWasParkedDoes() {
        partitions.park();
        Caller fenced = pending("a", "1");
        Caller other = new Caller();
        runtime.submit(0, other, (ledger, turn) -> {
            turn.write(List.of(new Entry("b", "2")));
            turn.answer(other, "done " + ledger.pending.size());
        });
        scheduler.advance(100);
        assertThat(fenced.isDone() || other.isDone()).isFalse();

        partitions.failNext(1, ErrorCode.INVALID_PRODUCER_EPOCH, false);
        partitions.unpark();
        scheduler.advance(100);

        assertThat(fenced.error).isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH);
        assertThat(fenced.calls).isEqualTo(1);
        assertThat(other.outcome).isEqualTo("done 0");
        assertThat(made).hasSize(1);
        assertThat(made.get(0).pending).isEmpty();
        assertThat(made.get(0).entries).containsOnlyKeys("b");
    }

    @Test
    void shouldTakeInWhatALogThatWasParkedTakes() {
        partitions.park();
        Caller pending = pending("a", "1");
        Caller ended = end(true);
        Caller reader = new Caller();
        runtime.submit(0, reader, (ledger, turn) -> turn.answer(reader, ledger.entries.toString()));
        made.get(0).timers.set("timer", 10L, turn -> made.get(0).entries.put("late", "3"));
        scheduler.advance(100);
        assertThat(made.get(0).entries).as("while nothing is known").isEmpty();

        partitions.unpark();
        scheduler.advance(100);

        assertThat(pending.outcome).isEqualTo("NONE");
        assertThat(ended.outcome).isEqualTo("NONE");
        assertThat(reader.outcome).contains("a=1");
        assertThat(made.get(0).entries).containsKey("late");
        assertThat(made).hasSize(1);
        assertThat(reloaded().entries).containsEntry("a", "1");
    }

    @Test
    void shouldRefuseAllThatATurnSaysWhenALogThatWasParkedRefusesAPartOfIt() {
        partitions.park();
        Caller caller = new Caller();
        runtime.submit(0, caller, (ledger, turn) -> {
            turn.writePending(PRODUCER, EPOCH, guard(), List.of(new Entry("a", "1")));
            turn.writePending(PRODUCER, EPOCH, guard(), List.of(new Entry("b", "2")));
            turn.write(List.of(new Entry("c", "3")));
            turn.answer(caller, "done");
        });
        scheduler.runUntilIdle();
        partitions.failNext(2, ErrorCode.NOT_ENOUGH_REPLICAS, false);
        partitions.unpark();
        scheduler.advance(100);

        assertThat(caller.error).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(caller.calls).isEqualTo(1);
        assertThat(made).hasSize(1);
        assertThat(made.get(0).pending).isEmpty();
    }

    @Test
    void shouldNotTouchAStateThatWasGivenUpMeanwhile() {
        partitions.park();
        Caller pending = pending("a", "1");
        runtime.beginClose();
        scheduler.runUntilIdle();
        partitions.unpark();
        scheduler.advance(100);

        assertThat(pending.outcome).isEqualTo("NONE");
        assertThat(made.get(0).pending).isEmpty();
    }

    @Test
    void shouldNotWaitForTheCommitOfWhatTheLogHas() {
        partitions.commitAfter(() -> 50L);
        Caller first = pending("a", "1");
        pending("b", "2");

        assertThat(first.isDone()).isFalse();
        assertThat(made.get(0).pending.get(PRODUCER)).hasSize(2);
    }

    @Test
    void shouldRefuseWhatFitsInNoBatch() {
        assertThat(pending("a", "x".repeat(2_000)).outcome).isEqualTo("MESSAGE_TOO_LARGE");
        assertThat(made.get(0).pending).isEmpty();
    }
}
