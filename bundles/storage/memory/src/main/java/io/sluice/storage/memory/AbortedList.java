package io.sluice.storage.memory;

import io.sluice.storage.api.AbortedTransaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The aborted transactions of one log, in the order of their markers. Safe for use from any thread. */
final class AbortedList {
    private static final int FIELDS = 4;

    private final List<AbortedTransaction> entries = new ArrayList<>(0);
    private boolean known = true;

    /** Adds one, unless it or a later one is there. */
    synchronized void add(AbortedTransaction entry) {
        if (entries.isEmpty() || entries.get(entries.size() - 1).lastOffset() < entry.lastOffset()) {
            entries.add(entry);
        }
    }

    /** Null when the previous holder of the contents did not know. */
    synchronized @Nullable List<AbortedTransaction> overlapping(long fromOffset, long toOffset) {
        if (!known) {
            return null;
        }
        List<AbortedTransaction> found = new ArrayList<>();
        for (AbortedTransaction entry : entries) {
            if (entry.overlaps(fromOffset, toOffset)) {
                found.add(entry);
            }
        }
        return found;
    }

    synchronized void replace(List<AbortedTransaction> all) {
        entries.clear();
        entries.addAll(all);
        known = true;
    }

    /** Forgets those whose markers lie at or above the offset. */
    synchronized void truncateTo(long offset) {
        entries.removeIf(entry -> entry.lastOffset() >= offset);
    }

    /** Forgets those whose markers lie below the offset. */
    synchronized void startAt(long offset) {
        entries.removeIf(entry -> entry.lastOffset() < offset);
    }

    /** For the next holder: four numbers for each. */
    synchronized Object handOver() {
        long[] numbers = new long[FIELDS * entries.size()];
        int at = 0;
        for (AbortedTransaction entry : entries) {
            numbers[at++] = entry.producerId();
            numbers[at++] = entry.firstOffset();
            numbers[at++] = entry.lastOffset();
            numbers[at++] = entry.lastStableOffset();
        }
        return known ? numbers : "unknown";
    }

    synchronized void takeOver(@Nullable Object given) {
        entries.clear();
        known = given instanceof long[];
        if (given instanceof long[] numbers) {
            for (int at = 0; at + FIELDS <= numbers.length; at += FIELDS) {
                entries.add(new AbortedTransaction(numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]));
            }
        }
    }
}
