package io.sluice.coordinator.share.partition;

/**
 * Records that a consumer has got.
 *
 * @param lastOffset inclusive
 * @param deliveryCount how often they have been given to anybody, this time included
 */
public record AcquiredRange(long firstOffset, long lastOffset, int deliveryCount) {
    public long count() {
        return lastOffset - firstOffset + 1L;
    }
}
