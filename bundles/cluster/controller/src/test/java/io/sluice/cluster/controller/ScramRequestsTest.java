package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest.ScramCredentialDeletion;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.junit.jupiter.api.Test;

class ScramRequestsTest {
    private static final byte SHA_256 = 1;
    private static final byte SHA_512 = 2;
    private static final byte[] SALT = {1, 2, 3};

    private final ControllerFixture fixture = ControllerFixture.registered();
    private final AlterUserScramCredentialsRequest request = new AlterUserScramCredentialsRequest();

    private ScramRequestsTest upsert(String user, byte mechanism, int iterations) {
        request.upsertions()
                .add(new ScramCredentialUpsertion()
                        .setName(user)
                        .setMechanism(mechanism)
                        .setIterations(iterations)
                        .setSalt(SALT)
                        .setSaltedPassword("salted".getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    private ScramRequestsTest delete(String user, byte mechanism) {
        request.deletions().add(new ScramCredentialDeletion().setName(user).setMechanism(mechanism));
        return this;
    }

    /** Makes the request; the error of each user. */
    private Map<String, ErrorCode> alter() {
        Map<String, ErrorCode> errors = new HashMap<>();
        done(fixture.controller().alterUserScramCredentials(request))
                .results()
                .forEach(result -> errors.put(result.user(), ErrorCode.of(result.errorCode())));
        request.upsertions().clear();
        request.deletions().clear();
        return errors;
    }

    @Test
    void shouldKeepWhatRfc5802SaysAndNotTheSaltedPassword() throws Exception {
        assertThat(upsert("alice", SHA_256, 4096).upsert("bob", SHA_512, 16384).alter())
                .isEqualTo(Map.of("alice", ErrorCode.NONE, "bob", ErrorCode.NONE));

        ScramCredential alice = fixture.image().scramCredentials("alice").get(ScramMechanism.SCRAM_SHA_256);
        ScramFormatter kafka =
                new ScramFormatter(org.apache.kafka.common.security.scram.internals.ScramMechanism.SCRAM_SHA_256);
        byte[] salted = "salted".getBytes(StandardCharsets.UTF_8);
        assertThat(alice)
                .isEqualTo(new ScramCredential(
                        SALT, kafka.storedKey(kafka.clientKey(salted)), kafka.serverKey(salted), 4096));
        assertThat(fixture.image().scramCredentials("bob")).containsOnlyKeys(ScramMechanism.SCRAM_SHA_512);
        assertThat(alice.toString()).isEqualTo("ScramCredential(hidden)");
    }

    @Test
    void shouldRemoveOneMechanismAndThenTheUser() {
        upsert("alice", SHA_256, 4096).alter();
        upsert("alice", SHA_512, 4096).alter();

        assertThat(delete("alice", SHA_256).alter()).containsEntry("alice", ErrorCode.NONE);
        assertThat(fixture.image().scramCredentials("alice")).containsOnlyKeys(ScramMechanism.SCRAM_SHA_512);
        assertThat(delete("alice", SHA_512).alter()).containsEntry("alice", ErrorCode.NONE);
        assertThat(fixture.image().scramUsers()).isEmpty();
        assertThat(delete("alice", SHA_512).alter()).containsEntry("alice", ErrorCode.RESOURCE_NOT_FOUND);
    }

    @Test
    void shouldRefuseWhatCannotBeACredential() {
        assertThat(upsert("few", SHA_256, 4095)
                        .upsert("many", SHA_256, 16385)
                        .upsert("", SHA_256, 4096)
                        .upsert("unknown", (byte) 3, 4096)
                        .delete("gone", (byte) 0)
                        .upsert("good", SHA_256, 5000)
                        .alter())
                .isEqualTo(Map.of(
                        "few", ErrorCode.UNACCEPTABLE_CREDENTIAL,
                        "many", ErrorCode.UNACCEPTABLE_CREDENTIAL,
                        "", ErrorCode.UNACCEPTABLE_CREDENTIAL,
                        "unknown", ErrorCode.UNSUPPORTED_SASL_MECHANISM,
                        "gone", ErrorCode.UNSUPPORTED_SASL_MECHANISM,
                        "good", ErrorCode.NONE));
        assertThat(fixture.image().scramUsers()).containsExactly("good");
    }

    @Test
    void shouldAlterNoUserThatIsNamedTwice() {
        upsert("alice", SHA_256, 4096).alter();

        assertThat(delete("alice", SHA_256)
                        .upsert("alice", SHA_512, 4096)
                        .upsert("bob", SHA_256, 4096)
                        .upsert("bob", SHA_512, 4096)
                        .alter())
                .isEqualTo(Map.of("alice", ErrorCode.DUPLICATE_RESOURCE, "bob", ErrorCode.DUPLICATE_RESOURCE));
        assertThat(fixture.image().scramCredentials("alice")).containsOnlyKeys(ScramMechanism.SCRAM_SHA_256);
        assertThat(fixture.image().scramCredentials("bob")).isEmpty();
    }
}
