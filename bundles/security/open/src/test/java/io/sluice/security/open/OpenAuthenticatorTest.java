package io.sluice.security.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.security.api.AuthenticatorFactory;
import io.sluice.security.api.Principal;
import io.sluice.security.kit.AuthenticatorContract;
import org.junit.jupiter.api.Test;

final class OpenAuthenticatorTest extends AuthenticatorContract {
    @Override
    protected AuthenticatorFactory factory() {
        return new OpenAuthenticatorFactory();
    }

    @Test
    void shouldTakeEverybodyForAnonymous() {
        assertThat(authenticator.principalOf(peer("PLAINTEXT", 50_000))).isEqualTo(Principal.ANONYMOUS);
        assertThat(authenticator.principalOf(peer("OTHER", 1))).isEqualTo(Principal.ANONYMOUS);
    }
}
