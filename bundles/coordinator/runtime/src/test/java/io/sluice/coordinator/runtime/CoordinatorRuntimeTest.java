package io.sluice.coordinator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.coordinator.kit.SimulatedPartitions;
import io.sluice.coordinator.kit.SimulatedScheduler;
import io.sluice.coordinator.runtime.Ledger.Caller;
import io.sluice.coordinator.runtime.Ledger.Entry;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.ControlRecordType;
import io.sluice.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoordinatorRuntimeTest {
    private static final int BATCH_BYTES_MAX = 10_000;

    private final SimulatedScheduler scheduler = new SimulatedScheduler(RandomSource.seeded(7L));
    private final SimulatedPartitions partitions = new SimulatedPartitions("ledger", 2, scheduler);
    private CoordinatorRuntime<Ledger, Entry> runtime = runtime(CompressionType.NONE);

    private CoordinatorRuntime<Ledger, Entry> runtime(CompressionType compression) {
        return runtime(compression, 0L);
    }

    private CoordinatorRuntime<Ledger, Entry> runtime(CompressionType compression, long patienceMs) {
        CoordinatorConfig config =
                new CoordinatorConfig("ledger", () -> BATCH_BYTES_MAX, compression, 400, patienceMs, 5_000, 2_000L);
        StateMachineFactory<Ledger, Entry> factory = (partition, timers) -> new Ledger(timers);
        return new CoordinatorRuntime<>(config, Ledger.SERDE, factory, partitions, scheduler, scheduler);
    }

    private void load() {
        runtime.start();
        partitions.elect(0, 1);
        scheduler.runUntilIdle();
    }

    private void restart() {
        runtime.beginClose();
        scheduler.advance(3_000);
        runtime = runtime(CompressionType.NONE);
        runtime.start();
        scheduler.advance(100);
    }

    private Caller put(String name, String value) {
        Caller caller = new Caller();
        runtime.submit(0, caller, (ledger, turn) -> {
            boolean fits = turn.write(List.of(new Entry(name, value)));
            turn.answer(caller, fits ? "put" : "too large");
        });
        return caller;
    }

    private Caller get(String name) {
        Caller caller = new Caller();
        runtime.submit(0, caller, (ledger, turn) -> turn.answer(caller, String.valueOf(ledger.entries.get(name))));
        return caller;
    }

    private Caller await() {
        Caller caller = new Caller();
        runtime.submit(0, caller, (ledger, turn) -> ledger.waiting.add(caller));
        return caller;
    }

    private String read(String name) {
        Caller caller = get(name);
        scheduler.runUntilIdle();
        return String.valueOf(caller.outcome);
    }

    @Test
    void shouldRefuseWhatItDoesNotLead() {
        runtime.start();

        Caller caller = get("a");

        assertThat(caller.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldSayThatItIsLoadingUntilTheLogIsReplayed() {
        runtime.start();
        partitions.elect(0, 1);

        Caller early = get("a");
        scheduler.runUntilIdle();
        Caller late = get("a");
        scheduler.runUntilIdle();

        assertThat(early.error).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(late.outcome).isEqualTo("null");
        assertThat(runtime.isActive(0)).isTrue();
    }

    @Test
    void shouldLetEventsWaitForTheEndOfLoadingButNotForLong() {
        runtime = runtime(CompressionType.NONE, 1_000L);
        runtime.start();
        partitions.elect(0, 1);
        Caller waits = get("a");
        scheduler.runUntilIdle();
        assertThat(waits.outcome).isEqualTo("null");

        partitions.resign(0);
        scheduler.runUntilIdle();
        partitions
                .log(0)
                .append(new RecordBatchBuilder()
                        .append(Ledger.SERDE.key(new Entry("a", "1")), Ledger.SERDE.value(new Entry("a", "1")), 1L)
                        .build());
        partitions.elect(0, 2);
        Caller tooLong = get("a");
        scheduler.advance(999);
        assertThat(tooLong.isDone()).isFalse();
        scheduler.advance(1);
        assertThat(tooLong.error).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(get("a").error).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);

        partitions.log(0).commitTo(1L);
        scheduler.advance(100);
        assertThat(read("a")).isEqualTo("1");
    }

    @Test
    void shouldReplayTheWholeLogInPieces() {
        load();
        for (int i = 0; i < 100; i++) {
            put("name" + i, "value" + i);
            scheduler.runUntilIdle();
        }

        restart();

        assertThat(read("name0")).isEqualTo("value0");
        assertThat(read("name99")).isEqualTo("value99");
    }

    @Test
    void shouldReplayCompressedBatches() {
        runtime = runtime(CompressionType.GZIP);
        load();
        put("a", "x".repeat(2_000));
        scheduler.runUntilIdle();

        restart();

        assertThat(read("a")).hasSize(2_000);
    }

    @Test
    void shouldHoldAnswersUntilWhatTheyRestOnIsCommitted() {
        load();
        partitions.commitAfter(() -> 50L);

        Caller written = put("a", "1");
        scheduler.runUntilIdle();
        Caller seen = get("a");
        scheduler.advance(49);
        assertThat(written.isDone()).isFalse();
        assertThat(seen.isDone()).isFalse();

        scheduler.advance(1);
        assertThat(written.outcome).isEqualTo("put");
        assertThat(seen.outcome).isEqualTo("1");
    }

    @Test
    void shouldAppendTheRecordsOfManyEventsAtOnce() {
        load();
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            callers.add(put("name" + i, "v"));
        }
        scheduler.runUntilIdle();

        assertThat(callers).allMatch(caller -> "put".equals(caller.outcome));
        assertThat(partitions.log(0).batchCount()).isEqualTo(1);
    }

    @Test
    void shouldSplitWhatIsLargerThanABatch() {
        load();
        for (int i = 0; i < 5; i++) {
            put("name" + i, "v".repeat(4_000));
        }
        scheduler.runUntilIdle();

        assertThat(partitions.log(0).batchCount()).isEqualTo(3);
        assertThat(read("name4")).hasSize(4_000);
    }

    @Test
    void shouldWriteNothingOfWhatFitsInNoBatch() {
        load();

        Caller caller = put("a", "x".repeat(BATCH_BYTES_MAX));
        scheduler.runUntilIdle();

        assertThat(caller.outcome).isEqualTo("too large");
        assertThat(read("a")).isEqualTo("null");
        assertThat(partitions.log(0).endOffset()).isZero();
    }

    @Test
    void shouldForgetWhatCouldNotBeAppended() {
        load();
        put("a", "1");
        scheduler.runUntilIdle();
        Caller waiting = await();
        scheduler.runUntilIdle();
        partitions.failNext(1, ErrorCode.NOT_LEADER_OR_FOLLOWER, false);

        Caller lost = put("a", "2");
        Caller reader = get("a");
        scheduler.advance(100);

        assertThat(lost.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(reader.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(waiting.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(read("a")).isEqualTo("1");
    }

    @Test
    void shouldNotTakeALogThatIsAwayForAnEmptyOne() {
        load();
        put("a", "1");
        scheduler.runUntilIdle();
        partitions.setAbsent(true);
        partitions.failNext(1, ErrorCode.NOT_LEADER_OR_FOLLOWER, false);
        put("a", "2");
        scheduler.advance(100);
        Caller early = get("a");
        scheduler.advance(100);
        assertThat(early.error).isNotEqualTo(ErrorCode.NONE);

        partitions.setAbsent(false);
        scheduler.advance(1_000);

        assertThat(read("a")).isEqualTo("1");
    }

    @Test
    void shouldTakeFromTheLogWhatWasAppendedThoughItFailed() {
        load();
        partitions.failNext(1, ErrorCode.REQUEST_TIMED_OUT, true);

        Caller indeterminate = put("a", "1");
        scheduler.advance(100);

        assertThat(indeterminate.error).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(read("a")).isEqualTo("1");
    }

    @Test
    void shouldGiveUpAnAppendThatIsNotCommittedInTime() {
        load();
        partitions.commitAfter(() -> 6_000L);

        Caller late = put("a", "1");
        scheduler.advance(5_100);
        assertThat(late.error).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(get("a").error).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);

        scheduler.advance(2_000);
        assertThat(read("a")).isEqualTo("1");
    }

    @Test
    void shouldLoadAnewAfterAnEventThatThrew() {
        load();
        put("a", "1");
        Caller broken = new Caller();
        runtime.submit(0, broken, (ledger, turn) -> {
            ledger.entries.put("a", "half");
            throw new IllegalStateException("a bug");
        });
        scheduler.advance(100);

        assertThat(broken.error).isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
        assertThat(broken.calls).isEqualTo(1);
        assertThat(read("a")).isEqualTo("1");
    }

    @Test
    void shouldFireTimersInTurnsAndPutThemOff() {
        load();
        runtime.submit(0, new Caller(), (ledger, turn) -> {
            ledger.timers.set("fires", 100, later -> later.write(List.of(new Entry("fired", "yes"))));
            ledger.timers.set("put off", 100, later -> later.write(List.of(new Entry("put off", "yes"))));
            ledger.timers.set("cancelled", 100, later -> later.write(List.of(new Entry("cancelled", "yes"))));
        });
        scheduler.advance(50);
        runtime.submit(0, new Caller(), (ledger, turn) -> {
            ledger.timers.set("put off", 100, later -> later.write(List.of(new Entry("put off", "yes"))));
            ledger.timers.cancel("cancelled");
        });
        scheduler.advance(49);
        assertThat(read("fired")).isEqualTo("null");

        scheduler.advance(1);
        assertThat(read("fired")).isEqualTo("yes");
        assertThat(read("put off")).isEqualTo("null");

        scheduler.advance(50);
        assertThat(read("put off")).isEqualTo("yes");
        assertThat(read("cancelled")).isEqualTo("null");
    }

    @Test
    void shouldFireATimerThatWasBroughtForward() {
        load();
        runtime.submit(0, new Caller(), (ledger, turn) -> ledger.timers.set("t", 10_000, later -> {}));
        scheduler.advance(10);
        runtime.submit(
                0,
                new Caller(),
                (ledger, turn) -> ledger.timers.set("t", 20, later -> later.write(List.of(new Entry("early", "yes")))));
        scheduler.advance(20);

        assertThat(read("early")).isEqualTo("yes");
    }

    @Test
    void shouldRefuseWhoeverWaitsWhenItCloses() {
        load();
        Caller waiting = await();
        scheduler.runUntilIdle();
        Caller queued = get("a");

        boolean closed = closeNow();

        assertThat(closed).isTrue();
        assertThat(waiting.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(queued.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(get("a").error).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    private boolean closeNow() {
        var closing = runtime.beginClose();
        scheduler.runUntilIdle();
        return closing.isDone();
    }

    @Test
    void shouldWaitForAppendsInFlightWhenItCloses() {
        load();
        partitions.commitAfter(() -> 500L);
        Caller writer = put("a", "1");
        scheduler.runUntilIdle();

        var closing = runtime.beginClose();
        scheduler.advance(400);
        assertThat(closing.isDone()).isFalse();
        scheduler.advance(100);

        assertThat(closing.isDone()).isTrue();
        assertThat(writer.outcome).isEqualTo("put");
    }

    @Test
    void shouldNotWaitForEverWhenItCloses() {
        load();
        partitions.commitAfter(() -> 4_000L);
        Caller writer = put("a", "1");
        scheduler.runUntilIdle();

        var closing = runtime.beginClose();
        scheduler.advance(2_000);

        assertThat(closing.isDone()).isTrue();
        assertThat(writer.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(writer.calls).isEqualTo(1);
    }

    @Test
    void shouldLeaveNoTaskBehindThatKeepsIt() {
        load();
        runtime.submit(0, new Caller(), (ledger, turn) -> ledger.timers.set("t", 60_000, later -> {}));
        scheduler.runUntilIdle();

        runtime.beginClose();
        scheduler.advance(2_000);

        assertThat(scheduler.timerCount()).isZero();
    }

    @Test
    void shouldGiveAPartitionUpWhenItResigns() {
        load();
        Caller waiting = await();
        scheduler.runUntilIdle();

        partitions.resign(0);
        scheduler.runUntilIdle();

        assertThat(waiting.error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(get("a").error).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(runtime.partitions()).isEmpty();
    }

    @Test
    void shouldLoadAgainUnderANewEpoch() {
        load();
        put("a", "1");
        scheduler.runUntilIdle();

        partitions.elect(0, 2);
        scheduler.advance(100);

        assertThat(read("a")).isEqualTo("1");
    }

    @Test
    void shouldTakeRecordsOfATransactionOnlyWithItsMarker() {
        transactional(1L, "committed");
        transactional(2L, "aborted");
        transactional(3L, "open");
        marker(1L, ControlRecordType.COMMIT);
        marker(2L, ControlRecordType.ABORT);
        load();

        Map<String, String> seen = Map.of(
                "committed", read("committed"),
                "aborted", read("aborted"),
                "open", read("open"));

        assertThat(seen).isEqualTo(Map.of("committed", "yes", "aborted", "null", "open", "null"));
    }

    private void transactional(long producerId, String name) {
        RecordBatchBuilder batch =
                new RecordBatchBuilder().producer(producerId, (short) 0, 0).transactional(true);
        batch.append(Ledger.SERDE.key(new Entry(name, "yes")), Ledger.SERDE.value(new Entry(name, "yes")), 1L);
        partitions.log(0).commitTo(partitions.log(0).append(batch.build()) + 1);
    }

    private void marker(long producerId, ControlRecordType type) {
        RecordBatchBuilder batch = new RecordBatchBuilder()
                .producer(producerId, (short) 0, -1)
                .transactional(true)
                .control(true);
        batch.append(type.key(), ByteBuffer.allocate(6), 1L);
        partitions.log(0).commitTo(partitions.log(0).append(batch.build()) + 1);
    }
}
