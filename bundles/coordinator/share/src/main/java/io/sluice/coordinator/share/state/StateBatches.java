package io.sluice.coordinator.share.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Puts together what was known and what is learned of the offsets of a share partition. Stateless; any thread. */
public final class StateBatches {
    private StateBatches() {}

    /**
     * The batches of both, in order and without overlap; of an offset that is in several the latest holds. What lies below the start is left
     * out, neighbours of which the same is known become one.
     */
    public static List<StateBatch> merge(List<StateBatch> known, List<StateBatch> learned, long startOffset) {
        NavigableMap<Long, StateBatch> merged = new TreeMap<>();
        for (StateBatch batch : known) {
            add(merged, batch);
        }
        for (StateBatch batch : learned) {
            add(merged, batch);
        }
        List<StateBatch> result = new ArrayList<>(merged.size());
        for (StateBatch batch : merged.values()) {
            if (batch.lastOffset() >= startOffset) {
                append(result, batch.part(Math.max(startOffset, batch.firstOffset()), batch.lastOffset()));
            }
        }
        return result;
    }

    private static void append(List<StateBatch> result, StateBatch batch) {
        int last = result.size() - 1;
        if (last >= 0 && batch.continues(result.get(last))) {
            StateBatch before = result.get(last);
            result.set(
                    last,
                    new StateBatch(
                            before.firstOffset(), batch.lastOffset(), batch.deliveryState(), batch.deliveryCount()));
        } else {
            result.add(batch);
        }
    }

    private static void add(NavigableMap<Long, StateBatch> merged, StateBatch added) {
        long from = added.firstOffset();
        Map.Entry<Long, StateBatch> at = merged.floorEntry(from);
        if (at == null || at.getValue().lastOffset() < from) {
            at = merged.higherEntry(from);
        }
        while (from <= added.lastOffset()) {
            if (at == null || at.getKey() > added.lastOffset()) {
                merged.put(from, added.part(from, added.lastOffset()));
                return;
            }
            StateBatch other = at.getValue();
            if (other.firstOffset() > from) {
                merged.put(from, added.part(from, other.firstOffset() - 1L));
                from = other.firstOffset();
            }
            long to = Math.min(other.lastOffset(), added.lastOffset());
            if (added.prevailsOver(other)) {
                replace(merged, other, added.part(from, to));
            }
            from = to + 1L;
            at = merged.higherEntry(to);
        }
    }

    /** Puts a batch in the place of a part of another. */
    private static void replace(NavigableMap<Long, StateBatch> merged, StateBatch other, StateBatch part) {
        merged.remove(other.firstOffset());
        if (other.firstOffset() < part.firstOffset()) {
            merged.put(other.firstOffset(), other.part(other.firstOffset(), part.firstOffset() - 1L));
        }
        merged.put(part.firstOffset(), part);
        if (other.lastOffset() > part.lastOffset()) {
            merged.put(part.lastOffset() + 1L, other.part(part.lastOffset() + 1L, other.lastOffset()));
        }
    }
}
