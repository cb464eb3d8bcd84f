package io.sluice.security.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Says who a peer is when it connects. Called on I/O threads: it must not block. */
@ConsumerType
public interface Authenticator extends AutoCloseable {
    Principal principalOf(Peer peer);

    @Override
    void close();
}
