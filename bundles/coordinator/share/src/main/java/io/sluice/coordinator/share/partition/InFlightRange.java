package io.sluice.coordinator.share.partition;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Neighbouring records of which the same is true. Mutable; belongs to one {@link DeliveryWindow}. */
final class InFlightRange {
    private final long first;
    private long last;
    private RecordState state;
    private int deliveries;
    private @Nullable String member;
    private long lockedUntilMs;

    InFlightRange(long first, long last, RecordState state, int deliveries) {
        this.first = first;
        this.last = last;
        this.state = state;
        this.deliveries = deliveries;
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    long count() {
        return last - first + 1L;
    }

    RecordState state() {
        return state;
    }

    int deliveries() {
        return deliveries;
    }

    boolean isAvailable() {
        return state == RecordState.AVAILABLE;
    }

    boolean isAcquiredBy(String wanted) {
        return state == RecordState.ACQUIRED && wanted.equals(member);
    }

    /** The member that has acquired it; null when none has. */
    @Nullable
    String member() {
        return member;
    }

    long lockedUntilMs() {
        return lockedUntilMs;
    }

    void acquire(String by, long untilMs) {
        state = RecordState.ACQUIRED;
        deliveries++;
        member = by;
        lockedUntilMs = untilMs;
    }

    void lockUntil(long untilMs) {
        lockedUntilMs = untilMs;
    }

    /** Leaves the consumer's hands, or changes without having been there. */
    void become(RecordState next) {
        state = next;
        member = null;
        lockedUntilMs = 0L;
    }

    /** Cuts off the end from an offset on, and gives it as a range of its own. */
    InFlightRange splitAt(long offset) {
        InFlightRange tail = new InFlightRange(offset, last, state, deliveries);
        tail.member = member;
        tail.lockedUntilMs = lockedUntilMs;
        last = offset - 1L;
        return tail;
    }

    boolean isLike(InFlightRange other) {
        return state == other.state
                && deliveries == other.deliveries
                && lockedUntilMs == other.lockedUntilMs
                && Objects.equals(member, other.member);
    }

    void extendTo(long offset) {
        last = offset;
    }
}
