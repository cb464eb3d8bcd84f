package io.sluice.security.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.security.api.Authenticator;
import io.sluice.security.api.AuthenticatorFactory;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every authenticator does: a peer that said nothing of itself has a principal, and the same one each time. */
public abstract class AuthenticatorContract {
    protected Authenticator authenticator;

    /** A new factory of the authenticator under test. */
    protected abstract AuthenticatorFactory factory();

    protected static Peer peer(String listener, int port) {
        return new Peer(listener, new InetSocketAddress("127.0.0.1", port));
    }

    @BeforeEach
    void begin() {
        authenticator = factory().open();
    }

    @AfterEach
    void end() {
        authenticator.close();
    }

    @Test
    void shouldNameAPeerTheSameEachTime() {
        Principal first = authenticator.principalOf(peer("PLAINTEXT", 50_000));

        assertThat(first.type()).isNotEmpty();
        assertThat(first.name()).isNotEmpty();
        assertThat(authenticator.principalOf(peer("PLAINTEXT", 50_000))).isEqualTo(first);
    }

    @Test
    void shouldNotTellPeersApartByTheirPort() {
        assertThat(authenticator.principalOf(peer("PLAINTEXT", 50_001)))
                .isEqualTo(authenticator.principalOf(peer("PLAINTEXT", 50_002)));
    }

    @Test
    void shouldBeClosedTwiceAndNotDisturbItsSuccessor() {
        Authenticator next = factory().open();
        Principal expected = next.principalOf(peer("PLAINTEXT", 50_000));

        authenticator.close();
        authenticator.close();

        assertThat(next.principalOf(peer("PLAINTEXT", 50_000))).isEqualTo(expected);
        next.close();
    }
}
