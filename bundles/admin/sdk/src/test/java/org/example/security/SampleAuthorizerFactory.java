package org.example.security;

import io.sluice.security.api.Authorizer;
import io.sluice.security.api.AuthorizerFactory;
import io.sluice.security.api.AuthorizerType;
import org.osgi.service.component.annotations.Component;

/** Offers the authorizer: the broker key {@code authorizer.type=sample} chooses it. */
@Component(service = AuthorizerFactory.class)
@AuthorizerType("sample")
public final class SampleAuthorizerFactory implements AuthorizerFactory {
    @Override
    public Authorizer open() {
        return new SampleAuthorizer();
    }
}
