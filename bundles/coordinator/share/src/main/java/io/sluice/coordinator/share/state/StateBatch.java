package io.sluice.coordinator.share.state;

/**
 * Offsets of which the same is known.
 *
 * @param lastOffset inclusive
 * @param deliveryState as in Kafka's records: 0 available, 2 acknowledged, 3 on the way to a dead-letter topic, 4 archived
 */
public record StateBatch(long firstOffset, long lastOffset, byte deliveryState, short deliveryCount) {
    public StateBatch {
        if (lastOffset < firstOffset) {
            throw new IllegalArgumentException("a batch from " + firstOffset + " to " + lastOffset);
        }
    }

    /** Of two things that are known of an offset the later one holds: delivered more often, or further on its way. */
    boolean prevailsOver(StateBatch other) {
        return deliveryCount != other.deliveryCount
                ? deliveryCount > other.deliveryCount
                : deliveryState > other.deliveryState;
    }

    boolean continues(StateBatch earlier) {
        return earlier.lastOffset + 1L == firstOffset
                && earlier.deliveryState == deliveryState
                && earlier.deliveryCount == deliveryCount;
    }

    StateBatch part(long from, long to) {
        return from == firstOffset && to == lastOffset ? this : new StateBatch(from, to, deliveryState, deliveryCount);
    }
}
