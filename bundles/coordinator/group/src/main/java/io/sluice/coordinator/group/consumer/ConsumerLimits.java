package io.sluice.coordinator.group.consumer;

/**
 * What holds for consumer groups; the names in Kafka's configuration begin with {@code group.consumer.}.
 *
 * @param assignmentIntervalMs how long a target assignment holds at least before the next is made
 */
public record ConsumerLimits(
        int sessionTimeoutMs,
        int heartbeatIntervalMs,
        int sizeMax,
        int assignmentIntervalMs,
        int regexRefreshIntervalMs) {}
