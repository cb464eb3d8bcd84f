package io.sluice.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.runtime.Ledger.Caller;
import io.sluice.coordinator.runtime.Ledger.Entry;
import io.sluice.protocol.compress.CompressionType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ReloadTest {
    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(11L));
    private final SimulatedPartitions partitions = new SimulatedPartitions("ledger", 2, scheduler);
    private final List<Ledger> made = new ArrayList<>();
    private final CoordinatorRuntime<Ledger, Entry> runtime = new CoordinatorRuntime<Ledger, Entry>(
            new CoordinatorConfig("ledger", () -> 10_000, CompressionType.NONE, 400, 1_000L, 5_000, 2_000L),
            Ledger.SERDE,
            (partition, timers) -> {
                Ledger ledger = new Ledger(timers);
                made.add(ledger);
                return ledger;
            },
            partitions,
            scheduler,
            scheduler);

    private void load() {
        runtime.start();
        partitions.elect(0, 1);
        scheduler.runUntilIdle();
    }

    private Caller put(String name, String value) {
        Caller caller = new Caller();
        runtime.submit(0, caller, (ledger, turn) -> {
            turn.write(List.of(new Entry(name, value)));
            turn.answer(caller, "put");
        });
        return caller;
    }

    private Caller get(String name) {
        Caller caller = new Caller();
        runtime.submit(0, caller, (ledger, turn) -> turn.answer(caller, String.valueOf(ledger.entries.get(name))));
        return caller;
    }

    @Test
    void shouldMakeTheStateAnewFromTheLogAndLetEventsWaitMeanwhile() {
        load();
        put("a", "1");
        scheduler.runUntilIdle();
        Caller waiting = new Caller();
        runtime.submit(0, waiting, (ledger, turn) -> ledger.waiting.add(waiting));
        scheduler.runUntilIdle();

        CompletableFuture<Void> givenUp = runtime.reload();
        Caller late = get("a");
        scheduler.runUntilIdle();

        assertThat(givenUp).isCompleted();
        assertThat(waiting.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(made).hasSize(2);
        assertThat(late.outcome).isEqualTo("1");
    }

    @Test
    void shouldAnswerWhatIsInFlightFirst() {
        load();
        partitions.commitAfter(() -> 500L);
        Caller writer = put("a", "1");
        scheduler.runUntilIdle();

        CompletableFuture<Void> givenUp = runtime.reload();
        Caller late = get("a");
        scheduler.advance(499);
        assertThat(writer.isDone()).isFalse();
        assertThat(givenUp).isNotDone();
        scheduler.advance(100);

        assertThat(givenUp).isCompleted();
        assertThat(writer.outcome).isEqualTo("put");
        assertThat(late.outcome).isEqualTo("1");
        assertThat(made).hasSize(2);
    }

    @Test
    void shouldNotWaitForeverForWhatIsInFlight() {
        load();
        partitions.commitAfter(() -> 4_000L);
        Caller writer = put("a", "1");
        scheduler.runUntilIdle();

        CompletableFuture<Void> givenUp = runtime.reload();
        scheduler.advance(2_000);

        assertThat(givenUp).isCompleted();
        assertThat(writer.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        partitions.commitAfter(() -> 0L);
        scheduler.advance(10_000);
        Caller late = get("a");
        scheduler.runUntilIdle();
        assertThat(late.outcome).isEqualTo("1");
    }

    @Test
    void shouldDropAStateThatIsBeingLoaded() {
        partitions.setAbsent(true);
        partitions.log(0).append(batch("a", "1"));
        load();
        assertThat(made).hasSize(1);

        CompletableFuture<Void> givenUp = runtime.reload();
        scheduler.runUntilIdle();
        assertThat(givenUp).isCompleted();
        partitions.setAbsent(false);
        partitions.log(0).commitTo(1L);
        scheduler.advance(200);

        assertThat(made).hasSize(2);
        assertThat(made.get(0).live).isFalse();
        assertThat(made.get(1).live).isTrue();
        assertThat(made.get(1).entries).containsEntry("a", "1");
    }

    @Test
    void shouldReadWhatIsWrittenWhileItLoads() {
        partitions.log(0).append(batch("a", "1"));
        partitions.setAbsent(true);
        load();
        partitions.log(0).append(batch("b", "2"));
        partitions.log(0).commitTo(2L);
        partitions.setAbsent(false);
        scheduler.advance(200);

        Caller late = get("b");
        scheduler.runUntilIdle();
        assertThat(late.outcome).isEqualTo("2");
    }

    @Test
    void shouldReadWhatIsWrittenBetweenTheEndOfLoadingAndItsFirstEvent() {
        partitions.log(0).append(batch("a", "1"));
        partitions.log(0).commitTo(1L);
        scheduler.afterEach(() -> {
            boolean replayed = !made.isEmpty() && made.get(0).entries.containsKey("a");
            if (replayed && !made.get(0).live && partitions.log(0).endOffset() == 1L) {
                partitions.log(0).append(batch("b", "2"));
                partitions.log(0).commitTo(2L);
            }
        });
        load();

        assertThat(partitions.log(0).endOffset())
                .as("written past the coordinator")
                .isEqualTo(2L);
        assertThat(made).hasSize(1);
        assertThat(made.get(0).live).isTrue();
        assertThat(made.get(0).entries).containsEntry("b", "2");
    }

    @Test
    void shouldHaveNothingToGiveUpAfterTheEnd() {
        load();
        runtime.beginClose();
        CompletableFuture<Void> givenUp = runtime.reload();
        scheduler.runUntilIdle();

        assertThat(givenUp).isCompleted();
    }

    private static java.nio.ByteBuffer batch(String name, String value) {
        Entry entry = new Entry(name, value);
        return new io.sluice.protocol.record.RecordBatchBuilder()
                .append(Ledger.SERDE.key(entry), Ledger.SERDE.value(entry), 1L)
                .build();
    }
}
