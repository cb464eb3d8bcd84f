package io.sluice.coordinator.share.partition;

import io.sluice.coordinator.share.state.StateBatch;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The records of a share partition that are on their way: those from the start offset, below which everything is done with, to the next offset, from
 * which on nothing was read yet. Each of them is in exactly one range; neighbours of which the same is true share one.
 *
 * <p>A deterministic state machine: it reads no clock, does no I/O, and what has to be done because of a change (state to be written, records to go
 * to a dead-letter topic) is kept until it is asked for. For one thread.
 */
final class DeliveryWindow {
    private final TreeMap<Long, InFlightRange> ranges = new TreeMap<>();
    private final List<StateBatch> changes = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private long startOffset;
    private long nextOffset;
    private long toldStartOffset;
    private boolean madeAvailable;

    /**
     * Begins with what was kept. Of offsets between the kept batches nothing is known: they are read again.
     *
     * @param kept in order and without overlap
     */
    DeliveryWindow(long startOffset, List<StateBatch> kept) {
        this.startOffset = startOffset;
        this.toldStartOffset = startOffset;
        this.nextOffset = startOffset;
        for (StateBatch batch : kept) {
            if (batch.lastOffset() < startOffset) {
                continue;
            }
            long first = Math.max(startOffset, batch.firstOffset());
            if (first > nextOffset) {
                append(first - 1L, RecordState.AVAILABLE, 0);
            }
            RecordState state = RecordState.ofKept(batch.deliveryState());
            append(batch.lastOffset(), state, batch.deliveryCount());
            if (state == RecordState.ARCHIVING) {
                deadLetters.add(new DeadLetter(
                        first, batch.lastOffset(), batch.deliveryCount(), DeadLetter.Cause.DELIVERY_COUNT_EXCEEDED));
            }
        }
        advance();
    }

    /** Below it everything is done with. */
    long startOffset() {
        return startOffset;
    }

    /** From it on nothing was read yet. */
    long nextOffset() {
        return nextOffset;
    }

    /** How many records are on their way, those among them that are done with included. */
    long inFlight() {
        return nextOffset - startOffset;
    }

    /** The first record that a consumer may get. */
    long nextFetchOffset() {
        for (InFlightRange range : ranges.values()) {
            if (range.isAvailable()) {
                return range.first();
            }
        }
        return nextOffset;
    }

    /** Whether a fetch may find anything: a record to be delivered again, or room for more. */
    boolean mayAcquire(int locksMax) {
        return inFlight() < locksMax || nextFetchOffset() != nextOffset;
    }

    /** How many records from the start offset on are done with. */
    int deliveryCompleteCount() {
        long count = 0L;
        for (InFlightRange range : ranges.values()) {
            if (range.state().isFinal()) {
                count += range.count();
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, count);
    }

    /** When the first lock ends; -1 when nothing is locked. */
    long nextDeadlineMs() {
        long next = -1L;
        for (InFlightRange range : ranges.values()) {
            if (range.state() == RecordState.ACQUIRED && (next < 0L || range.lockedUntilMs() < next)) {
                next = range.lockedUntilMs();
            }
        }
        return next;
    }

    /** The ranges, in order. */
    Iterable<InFlightRange> ranges() {
        return ranges.values();
    }

    /** What is known of an offset; null outside of the window. */
    @Nullable
    InFlightRange rangeAt(long offset) {
        Map.Entry<Long, InFlightRange> entry = ranges.floorEntry(offset);
        return entry == null || entry.getValue().last() < offset ? null : entry.getValue();
    }

    // ---- changes, by those who decide

    /** Adds records that were read for the first time, up to an offset. */
    InFlightRange append(long lastOffset, RecordState state, int deliveries) {
        InFlightRange range = new InFlightRange(nextOffset, lastOffset, state, deliveries);
        ranges.put(range.first(), range);
        nextOffset = lastOffset + 1L;
        return range;
    }

    /** The part of a range between two offsets as a range of its own. */
    InFlightRange isolate(InFlightRange range, long from, long to) {
        InFlightRange part = range;
        if (part.first() < from) {
            part = part.splitAt(from);
            ranges.put(part.first(), part);
        }
        if (part.last() > to) {
            InFlightRange tail = part.splitAt(to + 1L);
            ranges.put(tail.first(), tail);
        }
        return part;
    }

    /** A consumer is done with the records, or they are nobody's any more; this is written. */
    void settle(InFlightRange range, RecordState state) {
        range.become(state);
        madeAvailable |= state == RecordState.AVAILABLE;
        changes.add(new StateBatch(range.first(), range.last(), state.id(), (short) range.deliveries()));
    }

    /** Nobody gets the records any more. */
    void giveUp(InFlightRange range, DeadLetter.Cause cause, boolean toDeadLetters) {
        if (toDeadLetters) {
            deadLetters.add(new DeadLetter(range.first(), range.last(), range.deliveries(), cause));
        }
        settle(range, toDeadLetters ? RecordState.ARCHIVING : RecordState.ARCHIVED);
    }

    /** There are no such records, or none that may be delivered: what is free of them is done with. It need not be written, it will be found again. */
    void passOver(long first, long last) {
        for (InFlightRange range :
                List.copyOf(ranges.subMap(first, true, last, true).values())) {
            if (range.isAvailable()) {
                isolate(range, first, last).become(RecordState.ARCHIVED);
            }
        }
        InFlightRange across = rangeAt(first);
        if (across != null && across.isAvailable()) {
            isolate(across, first, last).become(RecordState.ARCHIVED);
        }
        if (last >= nextOffset) {
            append(last, RecordState.ARCHIVED, 0);
        }
    }

    /** The records below an offset are gone from the log. */
    void startAt(long offset) {
        if (offset <= startOffset) {
            return;
        }
        InFlightRange across = rangeAt(offset);
        if (across != null && across.first() < offset) {
            isolate(across, offset, across.last());
        }
        ranges.headMap(offset, false).clear();
        startOffset = offset;
        nextOffset = Math.max(nextOffset, offset);
        advance();
    }

    /** The records of a dead letter are where they belong, or could not be brought there. */
    void archived(long first, long last) {
        for (InFlightRange range : List.copyOf(ranges.values())) {
            if (range.state() == RecordState.ARCHIVING && range.last() >= first && range.first() <= last) {
                settle(
                        isolate(range, Math.max(first, range.first()), Math.min(last, range.last())),
                        RecordState.ARCHIVED);
            }
        }
        tidy();
    }

    /** Lets neighbours become one, and the start move over what is done with. To be called after changes. */
    void tidy() {
        advance();
        Iterator<InFlightRange> all = ranges.values().iterator();
        InFlightRange before = all.hasNext() ? all.next() : null;
        while (before != null && all.hasNext()) {
            InFlightRange range = all.next();
            if (before.isLike(range)) {
                before.extendTo(range.last());
                all.remove();
            } else {
                before = range;
            }
        }
    }

    private void advance() {
        Map.Entry<Long, InFlightRange> head = ranges.firstEntry();
        while (head != null && head.getValue().state().isFinal()) {
            startOffset = head.getValue().last() + 1L;
            ranges.remove(head.getKey());
            head = ranges.firstEntry();
        }
    }

    // ---- what is to be done about changes

    /** Whether there is something to be written. */
    boolean hasNews() {
        return !changes.isEmpty() || startOffset != toldStartOffset;
    }

    /** The start offset was chosen just now: it is news. */
    void retell() {
        toldStartOffset = -1L;
    }

    /** What is to be written; it is asked for once. Overlapping batches are in the order in which they came to be. */
    List<StateBatch> drainChanges() {
        List<StateBatch> drained = List.copyOf(changes);
        changes.clear();
        toldStartOffset = startOffset;
        return drained;
    }

    /** What is to go to the dead-letter topic; each is asked for once. */
    List<DeadLetter> drainDeadLetters() {
        List<DeadLetter> drained = List.copyOf(deadLetters);
        deadLetters.clear();
        return drained;
    }

    /** Whether records have become available since this was asked last. */
    boolean drainMadeAvailable() {
        boolean was = madeAvailable;
        madeAvailable = false;
        return was;
    }
}
