package io.sluice.coordinator.group.classic;

/**
 * Who asks.
 *
 * @param clientHost as Kafka shows it, with a leading slash
 * @param version of the request
 */
public record ClientContext(String clientId, String clientHost, short version) {}
