package io.sluice.security.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Says what a principal may do. Called on I/O threads for every request: it must not block. */
@ConsumerType
public interface Authorizer extends AutoCloseable {
    boolean mayDo(Principal principal, Peer peer, Operation operation, Resource resource);

    @Override
    void close();
}
