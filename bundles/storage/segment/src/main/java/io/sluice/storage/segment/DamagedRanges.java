package io.sluice.storage.segment;

import io.sluice.storage.api.LogDamage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ranges of offsets of one log that cannot be read. Changed by who holds the log's locks; read by any thread. */
final class DamagedRanges {
    private volatile List<LogDamage> ranges;

    DamagedRanges(List<LogDamage> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    List<LogDamage> all() {
        return ranges;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    @Nullable
    LogDamage containing(long offset) {
        for (LogDamage range : ranges) {
            if (range.contains(offset)) {
                return range;
            }
        }
        return null;
    }

    /** Where the next range above the offset begins; the limit when that comes first. */
    long nextStart(long offset, long limit) {
        long next = limit;
        for (LogDamage range : ranges) {
            if (range.firstOffset() > offset) {
                next = Math.min(next, range.firstOffset());
            }
        }
        return next;
    }

    /** What lies below the log's start is nobody's loss any more. */
    void startAt(long logStartOffset) {
        if (!ranges.isEmpty()) {
            ranges = ranges.stream()
                    .filter(range -> range.nextOffset() > logStartOffset)
                    .toList();
        }
    }

    /** What lies above the log's end is gone. */
    void cutAt(long logEndOffset) {
        if (!ranges.isEmpty()) {
            ranges = ranges.stream()
                    .filter(range -> range.firstOffset() < logEndOffset)
                    .toList();
        }
    }

    /** Between two offsets it is now known better. */
    void replace(long from, long to, List<LogDamage> found) {
        List<LogDamage> next = new ArrayList<>(found);
        for (LogDamage range : ranges) {
            if (range.nextOffset() <= from || range.firstOffset() >= to) {
                next.add(range);
            }
        }
        next.sort(Comparator.comparingLong(LogDamage::firstOffset));
        ranges = List.copyOf(next);
    }
}
