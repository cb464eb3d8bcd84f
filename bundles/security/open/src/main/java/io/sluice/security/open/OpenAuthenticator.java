package io.sluice.security.open;

import io.sluice.security.api.Authenticator;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;

/** Everybody is anonymous. */
final class OpenAuthenticator implements Authenticator {
    @Override
    public Principal principalOf(Peer peer) {
        return Principal.ANONYMOUS;
    }

    @Override
    public void close() {}
}
