package io.sluice.base;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** The seam for randomness: ids and jitter come from here, so that a simulation can repeat them from a seed. */
public interface RandomSource {
    long nextLong();

    /** A number in {@code [0, bound)}. */
    default int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive: " + bound);
        }
        return (int) Long.remainderUnsigned(nextLong() >>> 1, bound);
    }

    /** Unpredictable; safe for use from any thread. */
    static RandomSource secure() {
        SecureRandom random = new SecureRandom();
        return random::nextLong;
    }

    /** Repeatable; for one thread. */
    static RandomSource seeded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return random::nextLong;
    }
}
