package io.sluice.coordinator.share.partition;

import java.util.ArrayList;
import java.util.List;

/**
 * One fetch of a consumer: takes records out of batches that were read, as many as it may, in the order of the log. Batches are taken whole where
 * nothing speaks against it. Used once.
 *
 * <p>Records that were delivered often already are taken in ever smaller numbers, and for the last time alone, so that one that breaks its consumer
 * does not take its neighbours along.
 */
final class Acquisition {
    private static final int THROTTLE_FROM_LEAST = 2;

    private final DeliveryWindow window;
    private final String member;
    private final AcquisitionLimits limits;
    private final long lockUntilMs;
    private final boolean toDeadLetters;
    private final int throttleFrom;
    private final List<AcquiredRange> taken = new ArrayList<>();
    private long count;
    private boolean full;

    Acquisition(
            DeliveryWindow window, String member, AcquisitionLimits limits, long lockUntilMs, boolean toDeadLetters) {
        this.window = window;
        this.member = member;
        this.limits = limits;
        this.lockUntilMs = lockUntilMs;
        this.toDeadLetters = toDeadLetters;
        this.throttleFrom = Math.max(THROTTLE_FROM_LEAST, (limits.deliveryCountLimit() + 1) / 2);
    }

    /**
     * Takes what it may.
     *
     * @param fetchOffset from where the log was read: offsets that lie between the batches do not exist
     */
    List<AcquiredRange> take(long fetchOffset, List<FetchedBatch> batches) {
        long at = Math.max(fetchOffset, window.startOffset());
        for (FetchedBatch batch : batches) {
            if (full) {
                break;
            }
            if (batch.lastOffset() < at) {
                continue;
            }
            if (batch.baseOffset() > at) {
                window.passOver(at, batch.baseOffset() - 1L);
                at = batch.baseOffset();
            }
            if (batch.isDeliverable()) {
                take(at, batch.lastOffset());
            } else {
                window.passOver(at, batch.lastOffset());
            }
            at = batch.lastOffset() + 1L;
            full |= count >= limits.maxRecords();
        }
        window.tidy();
        return taken;
    }

    private void take(long first, long last) {
        long at = first;
        long throttledTo = Long.MAX_VALUE;
        while (at <= last && !full) {
            InFlightRange range = window.rangeAt(at);
            if (range == null) {
                takeNew(at, last);
                return;
            }
            long to = Math.min(last, range.last());
            if (range.isAvailable() && range.deliveries() >= limits.deliveryCountLimit()) {
                // The limit was lowered meanwhile.
                window.giveUp(window.isolate(range, at, to), DeadLetter.Cause.DELIVERY_COUNT_EXCEEDED, toDeadLetters);
            } else if (range.isAvailable()) {
                if (range.deliveries() >= throttleFrom && throttledTo == Long.MAX_VALUE) {
                    long size = last - first + 1L;
                    throttledTo = count + Math.max(1L, size >> (range.deliveries() - throttleFrom + 1));
                }
                to = takeAgain(range, at, to, throttledTo);
                full |= count >= throttledTo;
            } else {
                to = window.availableFrom(at) - 1L;
            }
            at = to + 1L;
        }
    }

    private void takeNew(long at, long last) {
        long room = limits.locksMax() - window.inFlight();
        long most = limits.isStrict() ? Math.min(room, limits.maxRecords() - count) : room;
        if (most <= 0L) {
            full = true;
            return;
        }
        long to = Math.min(last, at + most - 1L);
        full |= to < last;
        InFlightRange range = window.append(to, RecordState.AVAILABLE, 0);
        window.acquire(range, member, lockUntilMs);
        add(range);
    }

    /** Gives the last offset that was taken. */
    private long takeAgain(InFlightRange range, long at, long last, long throttledTo) {
        boolean lastAttempt = limits.deliveryCountLimit() > 2 && range.deliveries() == limits.deliveryCountLimit() - 1;
        if (lastAttempt && count > 0L) {
            full = true;
            return at - 1L;
        }
        long most = lastAttempt ? 1L : throttledTo - count;
        if (limits.isStrict()) {
            most = Math.min(most, limits.maxRecords() - count);
        }
        if (most <= 0L) {
            full = true;
            return at - 1L;
        }
        long to = last - at + 1L <= most ? last : at + most - 1L;
        InFlightRange part = window.isolate(range, at, to);
        window.acquire(part, member, lockUntilMs);
        add(part);
        full |= lastAttempt || (limits.isStrict() && count >= limits.maxRecords());
        return to;
    }

    private void add(InFlightRange range) {
        count += range.count();
        int last = taken.size() - 1;
        if (last >= 0) {
            AcquiredRange before = taken.get(last);
            if (before.lastOffset() + 1L == range.first()
                    && before.deliveryCount() == range.deliveries()
                    && before.count() + range.count() <= limits.batchSize()) {
                taken.set(last, new AcquiredRange(before.firstOffset(), range.last(), range.deliveries()));
                return;
            }
        }
        taken.add(new AcquiredRange(range.first(), range.last(), range.deliveries()));
    }
}
