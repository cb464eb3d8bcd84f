package io.sluice.security.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.security.api.AuthorizerFactory;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Principal;
import io.sluice.security.api.Resource;
import io.sluice.security.api.ResourceType;
import io.sluice.security.kit.AuthorizerContract;
import org.junit.jupiter.api.Test;

final class OpenAuthorizerTest extends AuthorizerContract {
    @Override
    protected AuthorizerFactory factory() {
        return new OpenAuthorizerFactory();
    }

    @Test
    void shouldAllowEverything() {
        for (ResourceType type : ResourceType.values()) {
            for (Operation operation : Operation.values()) {
                assertThat(authorizer.mayDo(Principal.ANONYMOUS, PEER, operation, new Resource(type, "orders")))
                        .isTrue();
            }
        }
    }
}
