package io.sluice.handlers.telemetry;

import io.sluice.base.ErrorCode;
import io.sluice.handlers.telemetry.Subscriptions.Assignment;

/**
 * One running client: what it was told, and when it came last. A client may come once in each interval; it may push at once after it
 * asked, because clients spread their first pushes. Guarded by itself.
 */
final class ClientInstance {
    private static final long NEVER = Long.MIN_VALUE;

    private final Selectors selectors;
    private Assignment assignment;
    private long askedMs = NEVER;
    private long pushedMs = NEVER;
    private boolean mayPushAtOnce;
    private boolean terminating;
    private ErrorCode lastError = ErrorCode.NONE;

    ClientInstance(Selectors selectors, Assignment assignment) {
        this.selectors = selectors;
        this.assignment = assignment;
    }

    Selectors selectors() {
        return selectors;
    }

    synchronized Assignment assignment() {
        return assignment;
    }

    /** What it is told changed: it begins anew, and may ask at once. */
    synchronized void assign(Assignment changed) {
        assignment = changed;
        askedMs = NEVER;
        pushedMs = NEVER;
        mayPushAtOnce = false;
        terminating = false;
        lastError = ErrorCode.NONE;
    }

    /** The client asks what to push; the error, or none. */
    synchronized ErrorCode ask(long nowMs) {
        boolean sentHere =
                lastError == ErrorCode.UNKNOWN_SUBSCRIPTION_ID || lastError == ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
        if (!sentHere && !isDue(Math.max(askedMs, pushedMs), nowMs)) {
            return ErrorCode.THROTTLING_QUOTA_EXCEEDED;
        }
        askedMs = nowMs;
        mayPushAtOnce = true;
        lastError = ErrorCode.NONE;
        return ErrorCode.NONE;
    }

    /** The client pushes, for the last time or not; why it may not, or none. */
    synchronized ErrorCode push(long nowMs, boolean last, int subscriptionId) {
        if (terminating) {
            return ErrorCode.INVALID_REQUEST;
        }
        boolean due = mayPushAtOnce || isDue(pushedMs, nowMs);
        if (due) {
            pushedMs = nowMs;
            mayPushAtOnce = false;
        } else if (!last) {
            return ErrorCode.THROTTLING_QUOTA_EXCEEDED;
        }
        return subscriptionId == assignment.id() ? ErrorCode.NONE : ErrorCode.UNKNOWN_SUBSCRIPTION_ID;
    }

    /** How its push ended. */
    synchronized void pushed(ErrorCode error, boolean last) {
        lastError = error;
        terminating = last;
    }

    private boolean isDue(long lastMs, long nowMs) {
        return lastMs == NEVER || nowMs - lastMs >= assignment.intervalMs();
    }
}
