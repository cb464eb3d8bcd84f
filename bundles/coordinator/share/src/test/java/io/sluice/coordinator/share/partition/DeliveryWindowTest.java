package io.sluice.coordinator.share.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.coordinator.share.partition.Acknowledging.SettlingRules;
import io.sluice.coordinator.share.state.StateBatch;
import io.sluice.coordinator.share.state.StateBatches;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DeliveryWindowTest {
    private static final SettlingRules RULES = new SettlingRules(5, false);

    private final DeliveryWindow window = new DeliveryWindow(0L, List.of(), 5);
    private final Acknowledging acknowledging = new Acknowledging(window);

    private static FetchedBatch batch(long base, long last) {
        return new FetchedBatch(base, last, 0, 100, true);
    }

    private static AcquisitionLimits limits(int maxRecords) {
        return new AcquisitionLimits(maxRecords, 500, false, 5, 2_000);
    }

    private List<AcquiredRange> acquire(String member, int maxRecords, FetchedBatch... batches) {
        return new Acquisition(window, member, limits(maxRecords), 1_000L, false)
                .take(window.nextFetchOffset(), List.of(batches));
    }

    private static Acknowledgement all(long first, long last, byte type) {
        return new Acknowledgement(first, last, List.of(type));
    }

    private ErrorCode acknowledge(String member, Acknowledgement... acknowledgements) {
        Acknowledging.Refusal refusal = acknowledging.refusal(member, List.of(acknowledgements), true);
        if (refusal == null) {
            acknowledging.apply(List.of(acknowledgements), RULES, 2_000L);
        }
        return refusal == null ? ErrorCode.NONE : refusal.error();
    }

    private void releaseAll() {
        acknowledging.limitLocksOf("a", 5L);
        acknowledging.expire(5L, RULES);
    }

    @Test
    void shouldGiveWholeBatchesAndMoveTheStartWhenTheyAreAccepted() {
        assertThat(acquire("a", 5, batch(0, 3), batch(4, 7), batch(8, 9))).containsExactly(new AcquiredRange(0, 7, 1));
        assertThat(window.nextFetchOffset()).isEqualTo(8L);
        assertThat(acknowledge("a", all(0, 5, AcknowledgeType.ACCEPT))).isEqualTo(ErrorCode.NONE);
        assertThat(window.startOffset()).isEqualTo(6L);
        assertThat(window.drainChanges()).containsExactly(new StateBatch(0, 5, (byte) 2, (short) 1));
    }

    @Test
    void shouldTakeNotOneRecordMoreThanAStrictFetchWants() {
        AcquisitionLimits strict = new AcquisitionLimits(5, 500, true, 5, 2_000);
        assertThat(new Acquisition(window, "a", strict, 1_000L, false).take(0L, List.of(batch(0, 3), batch(4, 7))))
                .containsExactly(new AcquiredRange(0, 4, 1));
        assertThat(window.nextFetchOffset()).isEqualTo(5L);
    }

    @Test
    void shouldRefuseAllWhenOneRecordIsAnotherMembers() {
        acquire("a", 1, batch(0, 3));
        acquire("b", 1, batch(4, 7));
        assertThat(acknowledge("a", all(0, 3, AcknowledgeType.ACCEPT), all(4, 4, AcknowledgeType.ACCEPT)))
                .isEqualTo(ErrorCode.INVALID_RECORD_STATE);
        assertThat(window.hasNews()).isFalse();
        assertThat(acknowledge("a", all(0, 8, AcknowledgeType.ACCEPT))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldRefuseARecordThatIsAcknowledgedTwiceAtOnce() {
        acquire("a", 10, batch(0, 9));
        Acknowledgement[] touching = {all(0, 4, AcknowledgeType.ACCEPT), all(4, 9, AcknowledgeType.ACCEPT)};
        assertThat(Acknowledgement.flaw(List.of(touching), (byte) 3)).isNull();
        assertThat(acknowledge("a", touching)).isEqualTo(ErrorCode.INVALID_RECORD_STATE);
        assertThat(window.hasNews()).isFalse();
        assertThat(acknowledge("a", all(0, 4, AcknowledgeType.RENEW), all(4, 9, AcknowledgeType.ACCEPT)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldRefuseAcknowledgementsOutOfOrder() {
        assertThat(Acknowledgement.flaw(
                        List.of(all(0, 4, AcknowledgeType.ACCEPT), all(3, 9, AcknowledgeType.ACCEPT)), (byte) 3))
                .contains("in order");
        assertThat(Acknowledgement.flaw(List.of(all(-2, 4, AcknowledgeType.ACCEPT)), (byte) 3))
                .isNotNull();
    }

    @Test
    void shouldRefuseRenewalsWhereTheyAreNotEnabled() {
        acquire("a", 10, batch(0, 9));
        assertThat(acknowledging.refusal("a", List.of(all(0, 9, AcknowledgeType.RENEW)), false))
                .extracting(Acknowledging.Refusal::error)
                .isEqualTo(ErrorCode.INVALID_RECORD_STATE);
    }

    @Test
    void shouldDeliverReleasedRecordsAgainAndCountIt() {
        acquire("a", 10, batch(0, 9));
        assertThat(acknowledge(
                        "a",
                        all(0, 4, AcknowledgeType.ACCEPT),
                        all(5, 6, AcknowledgeType.RELEASE),
                        all(7, 9, AcknowledgeType.REJECT)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(window.drainMadeAvailable()).isTrue();
        assertThat(acquire("b", 10, batch(0, 9))).containsExactly(new AcquiredRange(5, 6, 2));
        assertThat(window.deliveryCompleteCount()).isEqualTo(3);
    }

    @Test
    void shouldGiveARecordUpThatWasDeliveredTooOften() {
        acquire("a", 10, batch(0, 0));
        for (int i = 0; i < 5; i++) {
            assertThat(window.rangeAt(0L)).isNotNull();
            releaseAll();
            acquire("a", 10, batch(0, 0));
        }
        assertThat(window.startOffset()).isEqualTo(1L);
        assertThat(StateBatches.merge(List.of(), window.drainChanges(), 0L))
                .containsExactly(new StateBatch(0, 0, (byte) 4, (short) 5));
    }

    @Test
    void shouldDeliverARecordAloneTheLastTime() {
        acquire("a", 10, batch(0, 9));
        for (int i = 0; i < 3; i++) {
            releaseAll();
            for (int guard = 0; guard < 20 && window.nextFetchOffset() < 10L; guard++) {
                acquire("a", 100, batch(0, 9));
            }
        }
        releaseAll();
        assertThat(acquire("a", 100, batch(0, 9))).containsExactly(new AcquiredRange(0, 0, 5));
    }

    @Test
    void shouldReleaseWhatIsNotAcknowledgedInTimeUnlessItIsRenewed() {
        acquire("a", 10, batch(0, 9));
        assertThat(window.nextDeadlineMs()).isEqualTo(1_000L);
        assertThat(acknowledge("a", all(4, 5, AcknowledgeType.RENEW))).isEqualTo(ErrorCode.NONE);
        acknowledging.expire(1_000L, RULES);
        assertThat(window.nextDeadlineMs()).isEqualTo(2_000L);
        assertThat(acquire("b", 10, batch(0, 9)))
                .containsExactly(new AcquiredRange(0, 3, 2), new AcquiredRange(6, 9, 2));
    }

    @Test
    void shouldPassOverOffsetsThatDoNotExistAndBatchesForNobody() {
        assertThat(acquire("a", 100, batch(0, 1), batch(5, 6), new FetchedBatch(7, 8, 0, 100, false), batch(9, 9)))
                .containsExactly(new AcquiredRange(0, 1, 1), new AcquiredRange(5, 6, 1), new AcquiredRange(9, 9, 1));
        acknowledge("a", all(0, 1, AcknowledgeType.ACCEPT), all(5, 6, AcknowledgeType.ACCEPT));
        assertThat(window.startOffset()).isEqualTo(9L);
    }

    @Test
    void shouldSendWhatIsGivenUpToTheDeadLetterTopicFirst() {
        acquire("a", 10, batch(0, 9));
        acknowledging.apply(List.of(all(2, 3, AcknowledgeType.REJECT)), new SettlingRules(5, true), 0L);
        assertThat(window.drainDeadLetters()).containsExactly(new DeadLetter(2, 3, 1, DeadLetter.Cause.REJECTED));
        assertThat(window.drainChanges()).containsExactly(new StateBatch(2, 3, (byte) 3, (short) 1));
        DeliveryWindow reloaded = new DeliveryWindow(
                0L, List.of(new StateBatch(2, 3, (byte) 3, (short) 1), new StateBatch(5, 5, (byte) 3, (short) 5)), 5);
        assertThat(reloaded.drainDeadLetters())
                .containsExactly(
                        new DeadLetter(2, 3, 1, DeadLetter.Cause.REJECTED),
                        new DeadLetter(5, 5, 5, DeadLetter.Cause.DELIVERY_COUNT_EXCEEDED));
        window.archived(2L, 3L);
        assertThat(window.drainChanges()).containsExactly(new StateBatch(2, 3, (byte) 4, (short) 1));
    }

    @Test
    void shouldBeginWithWhatWasKeptAndReadTheGapsAgain() {
        DeliveryWindow kept = new DeliveryWindow(
                10L,
                List.of(new StateBatch(12, 13, (byte) 2, (short) 1), new StateBatch(14, 15, (byte) 0, (short) 2)),
                5);
        assertThat(kept.startOffset()).isEqualTo(10L);
        assertThat(kept.nextOffset()).isEqualTo(16L);
        assertThat(new Acquisition(kept, "a", limits(100), 1L, false).take(10L, List.of(batch(10, 17))))
                .containsExactly(
                        new AcquiredRange(10, 11, 1), new AcquiredRange(14, 15, 3), new AcquiredRange(16, 17, 1));
    }

    @Test
    void shouldNotLetMoreRecordsBeOnTheirWayThanItsLimit() {
        AcquisitionLimits few = new AcquisitionLimits(1_000, 500, false, 5, 100);
        assertThat(new Acquisition(window, "a", few, 1L, false).take(0L, List.of(batch(0, 199))))
                .containsExactly(new AcquiredRange(0, 99, 1));
        assertThat(window.mayAcquire(100)).isFalse();
        acknowledge("a", all(10, 10, AcknowledgeType.RELEASE));
        assertThat(window.mayAcquire(100)).isTrue();
    }

    /** Random histories, record by record against the model; what is kept is enough to begin again with. */
    @Property(tries = 300)
    void shouldDoWhatTheModelDoes(@ForAll long seed) {
        new History(RandomSource.seeded(seed)).run();
    }

    private static final class History {
        private static final String[] MEMBERS = {"a", "b", "c"};

        private final RandomSource random;
        private final DeliveryWindow window;
        private final Acknowledging acknowledging;
        private final WindowModel model;
        private final List<FetchedBatch> log = new ArrayList<>();
        private final boolean letters;
        private final int limit;
        private final int locksMax;
        private List<StateBatch> kept = List.of();
        private long now;

        History(RandomSource random) {
            this.random = random;
            long start = random.nextInt(5);
            this.window = new DeliveryWindow(start, List.of(), 5);
            this.acknowledging = new Acknowledging(window);
            this.model = new WindowModel(start);
            this.letters = random.nextInt(3) == 0;
            this.limit = 2 + random.nextInt(4);
            this.locksMax = 20 + random.nextInt(60);
            long at = random.nextInt(3);
            while (at < 150L) {
                long base = random.nextInt(6) == 0 ? at + random.nextInt(4) : at;
                long last = base + random.nextInt(12);
                log.add(new FetchedBatch(base, last, 0, 1, random.nextInt(8) != 0));
                at = last + 1L;
            }
        }

        void run() {
            for (int step = 0; step < 120; step++) {
                now += random.nextInt(5);
                step();
                compare();
            }
        }

        private void step() {
            SettlingRules rules = new SettlingRules(limit, letters);
            String member = MEMBERS[random.nextInt(MEMBERS.length)];
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> fetch(member);
                case 3, 4 -> acknowledge(member, rules);
                case 5 -> {
                    acknowledging.expire(now, rules);
                    model.expire(now, limit, letters);
                }
                case 6 -> {
                    if (random.nextInt(4) == 0) {
                        acknowledging.limitLocksOf(member, now + 1L);
                        model.limitLocksOf(member, now + 1L);
                    } else {
                        for (DeadLetter letter : window.drainDeadLetters()) {
                            window.archived(letter.firstOffset(), letter.lastOffset());
                            model.archived(letter.firstOffset(), letter.lastOffset());
                        }
                    }
                }
                default -> {
                    if (random.nextInt(5) == 0) {
                        long to = window.startOffset() + random.nextInt(8);
                        window.startAt(to);
                        model.startAt(to);
                    }
                }
            }
        }

        private void fetch(String member) {
            if (!window.mayAcquire(locksMax)) {
                return;
            }
            long from = window.nextFetchOffset();
            assertThat(from).isEqualTo(model.nextFetchOffset());
            int count = 1 + random.nextInt(4);
            List<FetchedBatch> read = log.stream()
                    .filter(batch -> batch.lastOffset() >= from)
                    .limit(count)
                    .toList();
            AcquisitionLimits limits = new AcquisitionLimits(
                    1 + random.nextInt(20), 1 + random.nextInt(30), random.nextInt(2) == 0, limit, locksMax);
            long until = now + 1L + random.nextInt(20);
            List<long[]> taken = new ArrayList<>();
            for (AcquiredRange range : new Acquisition(window, member, limits, until, letters).take(from, read)) {
                for (long offset = range.firstOffset(); offset <= range.lastOffset(); offset++) {
                    taken.add(new long[] {offset, range.deliveryCount()});
                }
            }
            assertThat(taken.toArray(long[][]::new))
                    .isDeepEqualTo(model.acquire(member, from, read, limits, until, letters)
                            .toArray(long[][]::new));
        }

        private void acknowledge(String member, SettlingRules rules) {
            List<Acknowledgement> all = new ArrayList<>();
            long at = Math.max(0L, window.startOffset() - 2L + random.nextInt(10));
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                long last = at + random.nextInt(6);
                List<Byte> types = new ArrayList<>();
                int size = random.nextInt(2) == 0 ? 1 : (int) (last - at + 1L);
                for (int k = 0; k < size; k++) {
                    types.add((byte) random.nextInt(5));
                }
                all.add(new Acknowledgement(at, last, types));
                at = last + 1L + random.nextInt(3);
            }
            boolean expected =
                    all.stream().allMatch(one -> model.mayAcknowledge(member, one.firstOffset(), one.lastOffset()));
            Acknowledging.Refusal refusal = acknowledging.refusal(member, all, true);
            assertThat(refusal == null).isEqualTo(expected);
            if (refusal == null) {
                long until = now + 7L;
                acknowledging.apply(all, rules, until);
                for (Acknowledgement one : all) {
                    for (long offset = one.firstOffset(); offset <= one.lastOffset(); offset++) {
                        model.acknowledge(offset, one.typeAt(offset), limit, letters, until);
                    }
                }
                model.advance();
            }
        }

        private void compare() {
            assertThat(window.startOffset()).isEqualTo(model.start);
            assertThat(window.nextOffset()).isEqualTo(model.next);
            int complete = 0;
            for (long offset = model.start; offset < model.next; offset++) {
                InFlightRange range = window.rangeAt(offset);
                WindowModel.Entry entry = model.at(offset);
                assertThat(range).as("offset %d", offset).isNotNull();
                assertThat(range.state()).as("offset %d", offset).isEqualTo(entry.state);
                assertThat(range.member()).isEqualTo(entry.member);
                assertThat(range.lockedUntilMs()).isEqualTo(entry.lockedUntil);
                if (entry.state != RecordState.ARCHIVED) {
                    assertThat(range.deliveries()).as("offset %d", offset).isEqualTo(entry.deliveries);
                }
                complete += entry.state.isFinal() ? 1 : 0;
            }
            assertThat(window.deliveryCompleteCount()).isEqualTo(complete);
            assertThat(window.nextFetchOffset()).isEqualTo(model.nextFetchOffset());
            assertThat(window.nextDeadlineMs()).isEqualTo(model.nextDeadlineMs());
            checkThatNeighboursDiffer();
            kept = StateBatches.merge(kept, window.drainChanges(), window.startOffset());
            DeliveryWindow reloaded = new DeliveryWindow(window.startOffset(), kept, limit);
            for (long offset = model.start; offset < model.next; offset++) {
                InFlightRange range = reloaded.rangeAt(offset);
                RecordState state = model.at(offset).state;
                RecordState after = range != null
                        ? range.state()
                        : offset < reloaded.startOffset() ? RecordState.ARCHIVED : RecordState.AVAILABLE;
                if (state == RecordState.ACKNOWLEDGED || state == RecordState.ARCHIVING) {
                    assertThat(after.isFinal() || after == state)
                            .as("offset %d", offset)
                            .isTrue();
                } else if (!state.isFinal()) {
                    assertThat(after).as("offset %d", offset).isEqualTo(RecordState.AVAILABLE);
                }
            }
        }

        private void checkThatNeighboursDiffer() {
            InFlightRange before = null;
            for (InFlightRange range : window.ranges()) {
                assertThat(before == null || !before.isLike(range))
                        .as("the range from %d is one with that before", range.first())
                        .isTrue();
                before = range;
            }
        }
    }
}
