package io.sluice.coordinator.group.classic;

/**
 * Where a classic group stands.
 *
 * <pre>
 *   Empty -> PreparingRebalance -> CompletingRebalance -> Stable
 *     ^             |   ^                  |                |
 *     +-------------+   +------------------+----------------+
 * </pre>
 */
public enum GroupState {
    /** No members; it may have offsets. */
    EMPTY("Empty"),
    /** Members are joining. */
    PREPARING_REBALANCE("PreparingRebalance"),
    /** Members have joined and wait for the leader's assignment. */
    COMPLETING_REBALANCE("CompletingRebalance"),
    /** Members have their assignment. */
    STABLE("Stable");

    /** The name that is told of a group that does not exist. */
    public static final String DEAD = "Dead";

    private final String label;

    GroupState(String label) {
        this.label = label;
    }

    /** The name on the wire. */
    public String label() {
        return label;
    }
}
