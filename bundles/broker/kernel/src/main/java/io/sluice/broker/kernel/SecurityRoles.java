package io.sluice.broker.kernel;

import io.sluice.security.api.Authenticator;
import io.sluice.security.api.AuthenticatorFactory;
import io.sluice.security.api.Authorizer;
import io.sluice.security.api.AuthorizerFactory;

/** Who says who a peer is, and who says what it may do. */
final class SecurityRoles {
    private final PartRole<AuthenticatorFactory, Authenticator> authenticator;
    private final PartRole<AuthorizerFactory, Authorizer> authorizer;

    SecurityRoles(String authenticatorType, String authorizerType, RoleContext context) {
        this.authenticator = new PartRole<>("authenticator", authenticatorType, context, new PartRole.Lifecycle<>() {
            @Override
            public Authenticator open(AuthenticatorFactory factory) {
                return factory.open();
            }

            @Override
            public void close(Authenticator part) {
                part.close();
            }
        });
        this.authorizer = new PartRole<>("authorizer", authorizerType, context, new PartRole.Lifecycle<>() {
            @Override
            public Authorizer open(AuthorizerFactory factory) {
                return factory.open();
            }

            @Override
            public void close(Authorizer part) {
                part.close();
            }
        });
    }

    PartRole<AuthenticatorFactory, Authenticator> authenticator() {
        return authenticator;
    }

    PartRole<AuthorizerFactory, Authorizer> authorizer() {
        return authorizer;
    }
}
