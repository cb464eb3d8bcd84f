package io.sluice.coordinator.group.consumer;

import io.sluice.coordinator.group.classic.JoinProtocol;
import java.util.List;

/**
 * What a member that uses the classic protocol in a consumer group has said when it joined.
 *
 * @param protocols that it can speak, its favourite first; never empty
 */
public record ClassicProtocols(int sessionTimeoutMs, List<JoinProtocol> protocols) {
    public ClassicProtocols {
        protocols = List.copyOf(protocols);
    }

    /** The protocol that it is told: nobody but the broker assigns, so that it may be any. */
    JoinProtocol favourite() {
        return protocols.get(0);
    }

    boolean speaks(String name) {
        for (JoinProtocol protocol : protocols) {
            if (protocol.name().equals(name)) {
                return true;
            }
        }
        return false;
    }
}
