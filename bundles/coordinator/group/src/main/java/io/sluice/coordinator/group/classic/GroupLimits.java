package io.sluice.coordinator.group.classic;

/** What holds for classic groups; the names in Kafka's configuration begin with {@code group.}. */
public record GroupLimits(int sessionTimeoutMinMs, int sessionTimeoutMaxMs, int sizeMax, int initialRebalanceDelayMs) {}
