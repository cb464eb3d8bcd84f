package io.sluice.broker.api;

/** A listener's address as clients are told it. */
public record Endpoint(String listenerName, String securityProtocol, String host, int port) {}
