package io.sluice.security.open;

import io.sluice.security.api.Authenticator;
import io.sluice.security.api.AuthenticatorFactory;
import io.sluice.security.api.AuthenticatorType;
import org.osgi.service.component.annotations.Component;

/** Offers the authenticator {@code open}. */
@Component(service = AuthenticatorFactory.class)
@AuthenticatorType("open")
public final class OpenAuthenticatorFactory implements AuthenticatorFactory {
    @Override
    public Authenticator open() {
        return new OpenAuthenticator();
    }
}
