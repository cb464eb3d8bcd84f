package io.sluice.coordinator.streams.group;

/**
 * Who sends a heartbeat.
 *
 * @param version of the heartbeat
 */
public record ClientContext(String clientId, String host, short version) {}
