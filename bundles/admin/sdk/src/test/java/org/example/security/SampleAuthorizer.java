package org.example.security;

import io.sluice.security.api.Authorizer;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;
import io.sluice.security.api.Resource;
import io.sluice.security.api.ResourceType;
import java.util.EnumSet;
import java.util.Set;

/**
 * Everybody may do everything, except to topics whose names begin with {@code keep.}: nobody deletes those or changes how they are kept.
 * It is asked for every request, on I/O threads, so it decides from what it has at hand.
 */
final class SampleAuthorizer implements Authorizer {
    private static final String PROTECTED = "keep.";
    private static final Set<Operation> CHANGES =
            EnumSet.of(Operation.DELETE, Operation.ALTER, Operation.ALTER_CONFIGS);

    @Override
    public boolean mayDo(Principal principal, Peer peer, Operation operation, Resource resource) {
        boolean isProtected =
                resource.type() == ResourceType.TOPIC && resource.name().startsWith(PROTECTED);
        return !isProtected || !CHANGES.contains(operation);
    }

    @Override
    public void close() {}
}
