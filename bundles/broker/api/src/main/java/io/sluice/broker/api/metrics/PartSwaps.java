package io.sluice.broker.api.metrics;

/**
 * How often a replaceable part was replaced since the broker started.
 *
 * @param kind as in {@link io.sluice.broker.api.PartRegistries.Part}
 * @param name the same
 * @param open whether somebody holds it now
 * @param swaps how often it was open again after its holder had left
 * @param lastStallNanos how long it could not be used the last time, from the leaving to the opening
 * @param longestStallNanos the longest such time
 * @param stallNanos all such times together
 */
public record PartSwaps(
        String kind,
        String name,
        boolean open,
        long swaps,
        long lastStallNanos,
        long longestStallNanos,
        long stallNanos) {}
