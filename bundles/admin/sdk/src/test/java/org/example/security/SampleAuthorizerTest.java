package org.example.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.security.api.AuthorizerFactory;
import io.sluice.security.api.Operation;
import io.sluice.security.api.Principal;
import io.sluice.security.api.Resource;
import io.sluice.security.kit.AuthorizerContract;
import org.junit.jupiter.api.Test;

final class SampleAuthorizerTest extends AuthorizerContract {
    @Override
    protected AuthorizerFactory factory() {
        return new SampleAuthorizerFactory();
    }

    private boolean may(Operation operation, String topic) {
        return authorizer.mayDo(Principal.ANONYMOUS, PEER, operation, Resource.topic(topic));
    }

    @Test
    void shouldProtectTopicsByTheirNames() {
        assertThat(may(Operation.DELETE, "keep.orders")).isFalse();
        assertThat(may(Operation.ALTER_CONFIGS, "keep.orders")).isFalse();
        assertThat(may(Operation.WRITE, "keep.orders")).isTrue();
        assertThat(may(Operation.READ, "keep.orders")).isTrue();
        assertThat(may(Operation.DELETE, "orders")).isTrue();
    }
}
