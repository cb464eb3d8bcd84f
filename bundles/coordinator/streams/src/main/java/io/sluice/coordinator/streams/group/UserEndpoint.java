package io.sluice.coordinator.streams.group;

/** Where a member answers queries of its state. */
public record UserEndpoint(String host, int port) {}
