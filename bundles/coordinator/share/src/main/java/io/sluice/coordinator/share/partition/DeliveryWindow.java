package io.sluice.coordinator.share.partition;

import io.sluice.coordinator.share.state.StateBatch;
import java.util.ArrayList;
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
    private final RangeIndex index = new RangeIndex();
    private final List<Long> changed = new ArrayList<>();
    private final List<StateBatch> changes = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private long startOffset;
    private long nextOffset;
    private long toldStartOffset;
    private boolean madeAvailable;

    /**
     * Begins with what was kept. Of offsets between the kept batches nothing is known: they are read again. Nor is it kept why a record goes to the
     * dead-letter topic: the count of its deliveries tells.
     *
     * @param kept in order and without overlap
     */
    DeliveryWindow(long startOffset, List<StateBatch> kept, int deliveryCountLimit) {
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
                DeadLetter.Cause cause = batch.deliveryCount() >= deliveryCountLimit
                        ? DeadLetter.Cause.DELIVERY_COUNT_EXCEEDED
                        : DeadLetter.Cause.REJECTED;
                deadLetters.add(new DeadLetter(first, batch.lastOffset(), batch.deliveryCount(), cause));
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
        return availableFrom(startOffset);
    }

    /** Where the first available range begins at or behind an offset; the next offset when there is none. */
    long availableFrom(long offset) {
        return index.availableFrom(offset, nextOffset);
    }

    /** Whether a fetch may find anything: a record to be delivered again, or room for more. */
    boolean mayAcquire(int locksMax) {
        return inFlight() < locksMax || nextFetchOffset() != nextOffset;
    }

    /** How many records from the start offset on are done with. */
    int deliveryCompleteCount() {
        return (int) Math.min(Integer.MAX_VALUE, index.doneCount());
    }

    /** When the first lock ends; -1 when nothing is locked. */
    long nextDeadlineMs() {
        return index.firstDeadlineMs();
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
        add(range);
        changed.add(range.first());
        nextOffset = lastOffset + 1L;
        return range;
    }

    private void add(InFlightRange range) {
        ranges.put(range.first(), range);
        index.put(range);
    }

    private void remove(InFlightRange range) {
        ranges.remove(range.first());
        index.remove(range);
    }

    /** The part of a range between two offsets as a range of its own. */
    InFlightRange isolate(InFlightRange range, long from, long to) {
        InFlightRange part = range.first() < from ? split(range, from) : range;
        if (part.last() > to) {
            split(part, to + 1L);
        }
        return part;
    }

    private InFlightRange split(InFlightRange range, long offset) {
        index.remove(range);
        InFlightRange tail = range.splitAt(offset);
        index.put(range);
        add(tail);
        return tail;
    }

    /** A member gets the records. */
    void acquire(InFlightRange range, String member, long untilMs) {
        index.remove(range);
        range.acquire(member, untilMs);
        index.put(range);
        changed.add(range.first());
    }

    /** The lock of a member ends at another time. */
    void lockUntil(InFlightRange range, long untilMs) {
        index.remove(range);
        range.lockUntil(untilMs);
        index.put(range);
        changed.add(range.first());
    }

    private void become(InFlightRange range, RecordState state) {
        index.remove(range);
        range.become(state);
        index.put(range);
        changed.add(range.first());
    }

    /** A consumer is done with the records, or they are nobody's any more; this is written. */
    void settle(InFlightRange range, RecordState state) {
        become(range, state);
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
        long at = first;
        while (at <= last && at < nextOffset) {
            InFlightRange range = rangeAt(at);
            if (range != null && range.isAvailable()) {
                InFlightRange part = isolate(range, at, last);
                become(part, RecordState.ARCHIVED);
                at = part.last() + 1L;
            } else {
                at = availableFrom(at);
            }
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
        while (!ranges.isEmpty() && ranges.firstKey() < offset) {
            remove(ranges.firstEntry().getValue());
        }
        startOffset = offset;
        nextOffset = Math.max(nextOffset, offset);
        advance();
    }

    /** The records of a dead letter are where they belong, or could not be brought there. */
    void archived(long first, long last) {
        Long from = ranges.floorKey(first);
        for (InFlightRange range : List.copyOf(
                ranges.subMap(from == null ? first : from, true, last, true).values())) {
            if (range.state() == RecordState.ARCHIVING && range.last() >= first) {
                settle(
                        isolate(range, Math.max(first, range.first()), Math.min(last, range.last())),
                        RecordState.ARCHIVED);
            }
        }
        tidy();
    }

    /** Lets what has changed become one with its neighbours, and the start move over what is done with. To be called after changes. */
    void tidy() {
        advance();
        for (long offset : changed) {
            InFlightRange range = rangeAt(offset);
            if (range != null) {
                uniteWithNeighbours(range);
            }
        }
        changed.clear();
    }

    private void uniteWithNeighbours(InFlightRange range) {
        Map.Entry<Long, InFlightRange> lower = ranges.lowerEntry(range.first());
        InFlightRange united = range;
        if (lower != null && lower.getValue().isLike(range)) {
            united = unite(lower.getValue(), range);
        }
        Map.Entry<Long, InFlightRange> upper = ranges.higherEntry(united.first());
        if (upper != null && united.isLike(upper.getValue())) {
            unite(united, upper.getValue());
        }
    }

    /** Makes one of neighbours of which the same is true, and gives the one that is there then. */
    private InFlightRange unite(InFlightRange lower, InFlightRange upper) {
        remove(upper);
        index.remove(lower);
        lower.extendTo(upper.last());
        index.put(lower);
        return lower;
    }

    private void advance() {
        Map.Entry<Long, InFlightRange> head = ranges.firstEntry();
        while (head != null && head.getValue().state().isFinal()) {
            startOffset = head.getValue().last() + 1L;
            remove(head.getValue());
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
