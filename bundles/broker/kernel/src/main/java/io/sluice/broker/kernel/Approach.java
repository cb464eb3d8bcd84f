package io.sluice.broker.kernel;

import io.sluice.base.Time;

/**
 * The end of a copy that is in step with what is written meanwhile and has been made durable: when little enough came in during a step, or
 * after two seconds whatever comes in, it takes over. Whoever steps the copy uses it, one thread at a time.
 */
final class Approach {
    private static final long NANOS_MAX = 2_000_000_000L;

    private final Time time;
    private final int littleBytes;
    private boolean begun;
    private long sinceNanos;

    /** @param littleBytes a copy takes over at once when a step brings no more than so many */
    Approach(Time time, int littleBytes) {
        this.time = time;
        this.littleBytes = littleBytes;
    }

    boolean hasBegun() {
        return begun;
    }

    /** All that was copied until now is durable. */
    void begin() {
        begun = true;
        sinceNanos = time.nanoseconds();
    }

    /** The copy has taken over, or is another one now. */
    void end() {
        begun = false;
    }

    /** Whether the copy takes over after a step that brought so many bytes. */
    boolean isOver(int stepBytes) {
        return begun && (stepBytes <= littleBytes || time.nanoseconds() - sinceNanos >= NANOS_MAX);
    }
}
