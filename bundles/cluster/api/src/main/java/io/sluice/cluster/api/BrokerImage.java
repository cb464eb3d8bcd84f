package io.sluice.cluster.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A registered broker. */
public record BrokerImage(
        int nodeId,
        long brokerEpoch,
        boolean fenced,
        @Nullable String rack,
        List<Listener> listeners) {
    public BrokerImage {
        listeners = List.copyOf(listeners);
    }

    /** One of its addresses. */
    public record Listener(String name, String securityProtocol, String host, int port) {}
}
