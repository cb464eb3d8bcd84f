package io.sluice.coordinator.runtime;

import io.sluice.protocol.compress.CompressionType;
import java.util.Objects;
import java.util.function.IntSupplier;

/**
 * How a coordinator treats its topic.
 *
 * @param topic the topic that holds its state
 * @param batchBytesMax the largest batch that the topic takes, asked for each time
 * @param compression of what is written
 * @param loadBytes how much is read at once while loading
 * @param loadPatienceMs how long events may wait for the end of loading before they are refused; 0 refuses them at once
 * @param appendTimeoutMs how long an append may take to be committed
 * @param closeTimeoutMs how long appends in flight are waited for when a partition is given up
 */
public record CoordinatorConfig(
        String topic,
        IntSupplier batchBytesMax,
        CompressionType compression,
        int loadBytes,
        long loadPatienceMs,
        int appendTimeoutMs,
        long closeTimeoutMs) {
    public CoordinatorConfig {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(batchBytesMax, "batchBytesMax");
        Objects.requireNonNull(compression, "compression");
        if (loadBytes <= 0 || loadPatienceMs < 0 || appendTimeoutMs <= 0 || closeTimeoutMs <= 0) {
            throw new IllegalArgumentException("sizes and times must be positive");
        }
    }
}
