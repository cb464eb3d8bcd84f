package io.sluice.coordinator.share.partition;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is asked of all ranges of a window again and again, kept so that nobody has to look at each: which are available, when the first lock ends, and
 * how many records are done with. A range is taken out before it changes, and put in again after that. For one window.
 */
final class RangeIndex {
    private final TreeSet<Long> available = new TreeSet<>();
    private final TreeMap<Long, Integer> locksByDeadline = new TreeMap<>();
    private long doneCount;

    void put(InFlightRange range) {
        switch (range.state()) {
            case AVAILABLE -> available.add(range.first());
            case ACQUIRED -> locksByDeadline.merge(range.lockedUntilMs(), 1, Integer::sum);
            case ACKNOWLEDGED, ARCHIVED -> doneCount += range.count();
            case ARCHIVING -> {}
        }
    }

    void remove(InFlightRange range) {
        switch (range.state()) {
            case AVAILABLE -> available.remove(range.first());
            case ACQUIRED -> locksByDeadline.computeIfPresent(range.lockedUntilMs(), (at, n) -> n == 1 ? null : n - 1);
            case ACKNOWLEDGED, ARCHIVED -> doneCount -= range.count();
            case ARCHIVING -> {}
        }
    }

    /** Where the first available range begins at or behind an offset; or else the other offset. */
    long availableFrom(long offset, long otherwise) {
        Long first = available.ceiling(offset);
        return first == null ? otherwise : first;
    }

    /** When the first lock ends; -1 when nothing is locked. */
    long firstDeadlineMs() {
        Map.Entry<Long, Integer> first = locksByDeadline.firstEntry();
        return first == null ? -1L : first.getKey();
    }

    /** How many records are done with. */
    long doneCount() {
        return doneCount;
    }
}
