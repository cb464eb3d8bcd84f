package io.sluice.handlers.fetch;

/**
 * What a parked fetch remembers, as data that another version of this handler understands: {@code {session, deadline,
 * warmings}}, of which the first version knew the first two.
 *
 * @param session the session's number; 0 for none
 * @param deadlineNanos when the client's time is over
 * @param warmings how often the records were waited for because they were not in memory
 */
record Waited(int session, long deadlineNanos, int warmings) {
    static Waited of(Object continuation) {
        long[] kept = (long[]) continuation;
        return new Waited((int) kept[0], kept[1], kept.length > 2 ? (int) kept[2] : 0);
    }

    Object continuation() {
        return new long[] {session, deadlineNanos, warmings};
    }

    Waited warmedOnceMore() {
        return new Waited(session, deadlineNanos, warmings + 1);
    }
}
