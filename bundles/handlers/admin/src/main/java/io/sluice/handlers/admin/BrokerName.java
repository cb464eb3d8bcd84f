package io.sluice.handlers.admin;

import org.jspecify.annotations.Nullable;

/** The name of a broker as a configuration resource: its node id. Each broker speaks for itself only. */
final class BrokerName {
    private BrokerName() {}

    /** Why a name does not stand for this broker; null when it does. */
    static @Nullable Refusal refusal(String name, int nodeId) {
        if (name.isEmpty()) {
            return Refusal.invalid("Broker id must not be empty");
        }
        try {
            return Integer.parseInt(name) == nodeId
                    ? null
                    : Refusal.invalid("Unexpected broker id, expected " + nodeId + ", but received " + name);
        } catch (NumberFormatException e) {
            return Refusal.invalid("Broker id must be an integer, but it is: " + name);
        }
    }
}
