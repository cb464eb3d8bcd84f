package io.sluice.coordinator.share.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StateBatchesTest {
    private static final byte AVAILABLE = 0;
    private static final byte ACKNOWLEDGED = 2;
    private static final byte ARCHIVED = 4;

    private static StateBatch batch(long first, long last, int state, int count) {
        return new StateBatch(first, last, (byte) state, (short) count);
    }

    @Test
    void shouldJoinNeighboursOfWhichTheSameIsKnown() {
        assertThat(StateBatches.merge(List.of(batch(0, 4, ACKNOWLEDGED, 1)), List.of(batch(5, 9, ACKNOWLEDGED, 1)), 0L))
                .containsExactly(batch(0, 9, ACKNOWLEDGED, 1));
    }

    @Test
    void shouldKeepNeighboursApartThatWereDeliveredUnequally() {
        assertThat(StateBatches.merge(List.of(batch(0, 4, ACKNOWLEDGED, 1)), List.of(batch(5, 9, ACKNOWLEDGED, 2)), 0L))
                .containsExactly(batch(0, 4, ACKNOWLEDGED, 1), batch(5, 9, ACKNOWLEDGED, 2));
    }

    @Test
    void shouldCutAKnownBatchWhereSomethingIsLearnedOfItsMiddle() {
        assertThat(StateBatches.merge(List.of(batch(0, 9, AVAILABLE, 1)), List.of(batch(3, 5, ACKNOWLEDGED, 2)), 0L))
                .containsExactly(batch(0, 2, AVAILABLE, 1), batch(3, 5, ACKNOWLEDGED, 2), batch(6, 9, AVAILABLE, 1));
    }

    @Test
    void shouldNotLetWhatIsOlderTakeThePlaceOfWhatIsKnown() {
        assertThat(StateBatches.merge(List.of(batch(0, 9, ARCHIVED, 3)), List.of(batch(2, 12, AVAILABLE, 1)), 0L))
                .containsExactly(batch(0, 9, ARCHIVED, 3), batch(10, 12, AVAILABLE, 1));
    }

    @Test
    void shouldLeaveOutWhatLiesBelowTheStart() {
        assertThat(StateBatches.merge(List.of(batch(0, 3, ACKNOWLEDGED, 1)), List.of(batch(4, 9, AVAILABLE, 1)), 6L))
                .containsExactly(batch(6, 9, AVAILABLE, 1));
    }

    /** Against a table with an entry for each offset. */
    @Property(tries = 500)
    void shouldKnowOfEachOffsetTheLatest(@ForAll long seed) {
        RandomSource random = RandomSource.seeded(seed);
        List<StateBatch> known = disjoint(random);
        List<StateBatch> learned = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            learned.add(any(random, random.nextInt(40)));
        }
        long start = random.nextInt(20);
        TreeMap<Long, StateBatch> expected = new TreeMap<>();
        for (List<StateBatch> list : List.of(known, learned)) {
            for (StateBatch batch : list) {
                for (long offset = batch.firstOffset(); offset <= batch.lastOffset(); offset++) {
                    StateBatch one = batch.part(offset, offset);
                    expected.merge(offset, one, (a, b) -> b.prevailsOver(a) ? b : a);
                }
            }
        }
        expected.headMap(start).clear();
        List<StateBatch> merged = StateBatches.merge(known, learned, start);
        List<StateBatch> single = new ArrayList<>();
        StateBatch before = null;
        for (StateBatch batch : merged) {
            assertThat(before == null || before.lastOffset() < batch.firstOffset())
                    .isTrue();
            assertThat(before == null || !batch.continues(before)).isTrue();
            before = batch;
            for (long offset = batch.firstOffset(); offset <= batch.lastOffset(); offset++) {
                single.add(batch.part(offset, offset));
            }
        }
        assertThat(single).containsExactlyElementsOf(expected.values());
    }

    private static List<StateBatch> disjoint(RandomSource random) {
        List<StateBatch> batches = new ArrayList<>();
        long at = 0L;
        for (int i = random.nextInt(6); i > 0; i--) {
            StateBatch batch = any(random, at + random.nextInt(4));
            batches.add(batch);
            at = batch.lastOffset() + 1L;
        }
        return batches;
    }

    private static StateBatch any(RandomSource random, long first) {
        int[] states = {AVAILABLE, ACKNOWLEDGED, ARCHIVED};
        return batch(first, first + random.nextInt(8), states[random.nextInt(3)], 1 + random.nextInt(3));
    }
}
