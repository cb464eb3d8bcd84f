package io.sluice.coordinator.share.partition;

import io.sluice.base.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What consumers say of the records that they have, and what becomes of those of whom nothing is said. All acknowledgements of a request hold, or
 * none does. For one window.
 */
final class Acknowledging {
    /** Why acknowledgements do not hold. */
    record Refusal(ErrorCode error, String message) {}

    private static final String NOT_ACQUIRED =
            "The batch cannot be acknowledged. The batch is not in the acquired state.";

    private final DeliveryWindow window;

    Acknowledging(DeliveryWindow window) {
        this.window = window;
    }

    /**
     * What speaks against acknowledgements; null when nothing does. What lies below the start offset is done with, whatever is said of it.
     */
    @Nullable
    Refusal refusal(String member, List<Acknowledgement> acknowledgements, boolean mayRenew) {
        Acknowledgement before = null;
        for (Acknowledgement one : acknowledgements) {
            Refusal refusal = refusal(member, one, mayRenew);
            if (refusal == null && before != null && takesAgain(before, one)) {
                refusal = wrongState(NOT_ACQUIRED);
            }
            if (refusal != null) {
                return refusal;
            }
            before = one;
        }
        return null;
    }

    /** Whether a record is acknowledged of which the one before has said that the member is done with it. */
    private boolean takesAgain(Acknowledgement before, Acknowledgement one) {
        return one.firstOffset() == before.lastOffset()
                && one.firstOffset() >= window.startOffset()
                && before.typeAt(before.lastOffset()) != AcknowledgeType.RENEW;
    }

    private @Nullable Refusal refusal(String member, Acknowledgement one, boolean mayRenew) {
        if (one.lastOffset() < window.startOffset()) {
            return null;
        }
        if (window.inFlight() == 0L) {
            return wrongState("Batch record not found. The request batch offsets are not found in the cache.");
        }
        if (one.firstOffset() >= window.nextOffset()) {
            return invalid("Batch record not found. The first offset in request is past acquired records.");
        }
        if (one.lastOffset() >= window.nextOffset()) {
            return invalid("Batch record not found. The last offset in request is past acquired records.");
        }
        long at = Math.max(one.firstOffset(), window.startOffset());
        while (at <= one.lastOffset()) {
            InFlightRange range = window.rangeAt(at);
            if (range == null || range.state() != RecordState.ACQUIRED) {
                return wrongState(NOT_ACQUIRED);
            }
            if (!range.isAcquiredBy(member)) {
                return wrongState("Member is not the owner of batch record");
            }
            at = range.last() + 1L;
        }
        return one.hasRenewal() && !mayRenew
                ? wrongState("Renewing acquisition locks is not enabled for the group.")
                : null;
    }

    private static Refusal invalid(String message) {
        return new Refusal(ErrorCode.INVALID_REQUEST, message);
    }

    private static Refusal wrongState(String message) {
        return new Refusal(ErrorCode.INVALID_RECORD_STATE, message);
    }

    /** Lets acknowledgements hold against which nothing speaks. */
    void apply(List<Acknowledgement> acknowledgements, SettlingRules rules, long lockUntilMs) {
        for (Acknowledgement one : acknowledgements) {
            long at = Math.max(one.firstOffset(), window.startOffset());
            while (at <= one.lastOffset()) {
                byte type = one.typeAt(at);
                InFlightRange range = window.rangeAt(at);
                if (range == null) {
                    throw new IllegalStateException("offset " + at + " is outside of the window");
                }
                long to = Math.min(range.last(), one.lastOffset());
                to = one.types().size() == 1 ? to : endOfRun(one, at, to);
                settle(window.isolate(range, at, to), type, rules, lockUntilMs);
                at = to + 1L;
            }
        }
        window.tidy();
    }

    private static long endOfRun(Acknowledgement one, long from, long last) {
        byte type = one.typeAt(from);
        long to = from;
        while (to < last && one.typeAt(to + 1L) == type) {
            to++;
        }
        return to;
    }

    private void settle(InFlightRange range, byte type, SettlingRules rules, long lockUntilMs) {
        switch (type) {
            case AcknowledgeType.ACCEPT -> window.settle(range, RecordState.ACKNOWLEDGED);
            case AcknowledgeType.GAP -> window.settle(range, RecordState.ARCHIVED);
            case AcknowledgeType.REJECT -> window.giveUp(range, DeadLetter.Cause.REJECTED, rules.hasDeadLetters());
            case AcknowledgeType.RENEW -> window.lockUntil(range, lockUntilMs);
            default -> release(range, rules);
        }
    }

    /** A member is gone: its locks end at this time, or when they would have ended. */
    void limitLocksOf(String member, long untilMs) {
        for (InFlightRange range : window.ranges()) {
            if (range.isAcquiredBy(member)) {
                window.lockUntil(range, Math.min(untilMs, range.lockedUntilMs()));
            }
        }
        window.tidy();
    }

    /** What was not acknowledged in time is for others. */
    void expire(long nowMs, SettlingRules rules) {
        for (InFlightRange range : window.ranges()) {
            if (range.state() == RecordState.ACQUIRED && range.lockedUntilMs() <= nowMs) {
                release(range, rules);
            }
        }
        window.tidy();
    }

    private void release(InFlightRange range, SettlingRules rules) {
        if (range.deliveries() >= rules.deliveryCountLimit()) {
            window.giveUp(range, DeadLetter.Cause.DELIVERY_COUNT_EXCEEDED, rules.hasDeadLetters());
        } else {
            window.settle(range, RecordState.AVAILABLE);
        }
    }

    /**
     * What the group's configuration says of records that are given back.
     *
     * @param deliveryCountLimit how often a record is delivered before it is given up
     * @param hasDeadLetters whether what is given up goes to a dead-letter topic
     */
    record SettlingRules(int deliveryCountLimit, boolean hasDeadLetters) {}
}
