package io.sluice.base;

/** The number of a partition's leadership: it rises by one whenever a leader is chosen (KIP-101, KIP-320). */
public final class LeaderEpoch {
    /** Stands for "no epoch given" in requests and for "none" in answers. */
    public static final int NONE = -1;

    private LeaderEpoch() {}
}
