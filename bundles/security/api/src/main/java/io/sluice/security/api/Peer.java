package io.sluice.security.api;

import java.net.InetSocketAddress;

/**
 * Where a request comes from.
 *
 * @param listenerName the listener that accepted the connection
 */
public record Peer(String listenerName, InetSocketAddress address) {}
