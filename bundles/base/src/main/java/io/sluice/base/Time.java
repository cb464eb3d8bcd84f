package io.sluice.base;

/** The seam for clocks. Implementations are safe for use from any thread. */
public interface Time {
    /** Milliseconds since the epoch; may jump. */
    long milliseconds();

    /** A monotonic clock in nanoseconds with an arbitrary origin. */
    long nanoseconds();

    /** The clocks of this machine. */
    Time SYSTEM = new Time() {
        @Override
        public long milliseconds() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanoseconds() {
            return System.nanoTime();
        }
    };
}
