package io.sluice.security.open;

import io.sluice.security.api.Authorizer;
import io.sluice.security.api.AuthorizerFactory;
import io.sluice.security.api.AuthorizerType;
import org.osgi.service.component.annotations.Component;

/** Offers the authorizer {@code open}. */
@Component(service = AuthorizerFactory.class)
@AuthorizerType("open")
public final class OpenAuthorizerFactory implements AuthorizerFactory {
    @Override
    public Authorizer open() {
        return new OpenAuthorizer();
    }
}
