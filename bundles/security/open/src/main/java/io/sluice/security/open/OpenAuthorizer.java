package io.sluice.security.open;

import io.sluice.security.api.Authorizer;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;
import io.sluice.security.api.Resource;

/** Everybody may do everything. */
final class OpenAuthorizer implements Authorizer {
    @Override
    public boolean mayDo(Principal principal, Peer peer, Operation operation, Resource resource) {
        return true;
    }

    @Override
    public void close() {}
}
