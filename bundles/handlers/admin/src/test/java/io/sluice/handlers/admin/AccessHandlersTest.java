package io.sluice.handlers.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.cluster.api.ScramCredential;
import io.sluice.cluster.api.ScramMechanism;
import io.sluice.protocol.message.AlterClientQuotasRequest;
import io.sluice.protocol.message.AlterClientQuotasResponse;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest.ScramCredentialDeletion;
import io.sluice.protocol.message.AlterUserScramCredentialsRequest.ScramCredentialUpsertion;
import io.sluice.protocol.message.AlterUserScramCredentialsResponse;
import io.sluice.protocol.message.DescribeClientQuotasRequest;
import io.sluice.protocol.message.DescribeClientQuotasRequest.ComponentData;
import io.sluice.protocol.message.DescribeClientQuotasResponse;
import io.sluice.protocol.message.DescribeUserScramCredentialsRequest;
import io.sluice.protocol.message.DescribeUserScramCredentialsRequest.UserName;
import io.sluice.protocol.message.DescribeUserScramCredentialsResponse;
import io.sluice.request.kit.MemoryController;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import io.sluice.security.api.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users log in with, and what they may use up. */
class AccessHandlersTest {
    private static final byte EXACT = 0;
    private static final byte DEFAULT = 1;
    private static final byte SPECIFIED = 2;

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final MemoryController controller = new MemoryController(metadata);

    @BeforeEach
    void fill() {
        ScramCredential credential = new ScramCredential(new byte[] {1}, new byte[] {2}, new byte[] {3}, 5000);
        metadata.scram("alice", Map.of(ScramMechanism.SCRAM_SHA_256, credential));
        metadata.scram("bob", Map.of(ScramMechanism.SCRAM_SHA_512, credential));
        metadata.quotas(QuotaEntity.of(Map.of("user", "alice")), Map.of("producer_byte_rate", 10.0));
        metadata.quotas(QuotaEntity.of(Map.of("user", "")), Map.of("producer_byte_rate", 20.0));
        metadata.quotas(QuotaEntity.of(Map.of("user", "alice", "client-id", "c")), Map.of("request_percentage", 1.5));
        metadata.quotas(QuotaEntity.of(Map.of("client-id", "")), Map.of("consumer_byte_rate", 30.0));
        metadata.quotas(QuotaEntity.of(Map.of("ip", "10.0.0.1")), Map.of("connection_creation_rate", 4.0));
    }

    private DescribeUserScramCredentialsResponse describeUsers(boolean allowed, String @Nullable ... users) {
        DescribeUserScramCredentialsRequest asked = new DescribeUserScramCredentialsRequest();
        asked.setUsers(
                users == null
                        ? null
                        : Arrays.stream(users)
                                .map(user -> new UserName().setName(user))
                                .toList());
        RecordingRequest request = RecordingRequest.of(0, asked)
                .allowing((operation, resource) -> allowed && operation == Operation.DESCRIBE);
        new DescribeUserScramCredentialsHandler(metadata).handle(request);
        return request.response(DescribeUserScramCredentialsResponse.class);
    }

    private static List<String> users(DescribeUserScramCredentialsResponse response) {
        return response.results().stream()
                .map(result -> result.user() + " " + ErrorCode.of(result.errorCode())
                        + result.credentialInfos().stream()
                                .map(info -> " " + info.mechanism() + "/" + info.iterations())
                                .collect(Collectors.joining()))
                .toList();
    }

    @Test
    void shouldDescribeUsersByNameOrAllOfThem() {
        assertThat(users(describeUsers(true, "bob", "nobody", "alice", "alice")))
                .containsExactlyInAnyOrder("bob NONE 2/5000", "nobody RESOURCE_NOT_FOUND", "alice DUPLICATE_RESOURCE");
        assertThat(users(describeUsers(true))).containsExactlyInAnyOrder("alice NONE 1/5000", "bob NONE 2/5000");
        assertThat(users(describeUsers(true, (String[]) null))).hasSize(2);
    }

    @Test
    void shouldTellNothingOfUsersToThoseWhoMayNotAsk() {
        DescribeUserScramCredentialsResponse refused = describeUsers(false, "alice");
        assertThat(ErrorCode.of(refused.errorCode())).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        assertThat(users(refused)).containsExactly("alice CLUSTER_AUTHORIZATION_FAILED");
        assertThat(describeUsers(false).results()).isEmpty();
    }

    @Test
    void shouldAnswerForEveryUserThatMayNotBeAltered() {
        AlterUserScramCredentialsRequest asked = new AlterUserScramCredentialsRequest();
        asked.deletions().add(new ScramCredentialDeletion().setName("alice").setMechanism((byte) 1));
        asked.upsertions()
                .add(new ScramCredentialUpsertion()
                        .setName("bob")
                        .setMechanism((byte) 1)
                        .setIterations(4096)
                        .setSalt(new byte[] {1})
                        .setSaltedPassword(new byte[] {1}));
        RecordingRequest refused = RecordingRequest.of(0, asked).allowing((operation, resource) -> false);
        new AlterUserScramCredentialsHandler(controller).handle(refused);
        assertThat(refused.response(AlterUserScramCredentialsResponse.class).results())
                .extracting(result -> result.user() + " " + ErrorCode.of(result.errorCode()))
                .containsExactlyInAnyOrder("alice CLUSTER_AUTHORIZATION_FAILED", "bob CLUSTER_AUTHORIZATION_FAILED");
        assertThat(controller.requests()).isEmpty();

        controller.fail();
        RecordingRequest failed = RecordingRequest.of(0, asked);
        new AlterUserScramCredentialsHandler(controller).handle(failed);
        assertThat(failed.response(AlterUserScramCredentialsResponse.class).results())
                .extracting(result -> ErrorCode.of(result.errorCode()))
                .containsExactly(ErrorCode.NOT_CONTROLLER, ErrorCode.NOT_CONTROLLER);
    }

    private static ComponentData component(String type, byte matchType, @Nullable String match) {
        return new ComponentData().setEntityType(type).setMatchType(matchType).setMatch(match);
    }

    private DescribeClientQuotasResponse describeQuotas(
            int version, boolean strict, boolean allowed, ComponentData... filter) {
        RecordingRequest request = RecordingRequest.of(
                        version,
                        new DescribeClientQuotasRequest()
                                .setComponents(List.of(filter))
                                .setStrict(strict))
                .allowing((operation, resource) -> allowed && operation == Operation.DESCRIBE_CONFIGS);
        new DescribeClientQuotasHandler(metadata).handle(request);
        return request.response(DescribeClientQuotasResponse.class);
    }

    private List<String> quotas(boolean strict, ComponentData... filter) {
        List<String> found = null;
        for (int version = 0; version <= 1; version++) {
            DescribeClientQuotasResponse response = describeQuotas(version, strict, true, filter);
            assertThat(response.errorCode()).isZero();
            found = response.entries().stream()
                    .map(entry -> entry.entity().stream()
                                    .map(part -> part.entityType() + "=" + part.entityName())
                                    .sorted()
                                    .collect(Collectors.joining(","))
                            + entry.values().stream()
                                    .map(value -> " " + value.key() + "=" + value.value())
                                    .collect(Collectors.joining()))
                    .toList();
        }
        return found;
    }

    @Test
    void shouldLetThroughWhatTheFilterFits() {
        String alice = "user=alice producer_byte_rate=10.0";
        String aliceAtC = "client-id=c,user=alice request_percentage=1.5";
        String anyUser = "user=null producer_byte_rate=20.0";
        String anyClient = "client-id=null consumer_byte_rate=30.0";
        String address = "ip=10.0.0.1 connection_creation_rate=4.0";

        assertThat(quotas(false)).containsExactlyInAnyOrder(alice, aliceAtC, anyUser, anyClient, address);
        assertThat(quotas(true)).isEmpty();
        assertThat(quotas(false, component("user", EXACT, "alice"))).containsExactlyInAnyOrder(alice, aliceAtC);
        assertThat(quotas(true, component("user", EXACT, "alice"))).containsExactly(alice);
        assertThat(quotas(true, component("user", DEFAULT, null))).containsExactly(anyUser);
        assertThat(quotas(true, component("user", SPECIFIED, null))).containsExactlyInAnyOrder(alice, anyUser);
        assertThat(quotas(false, component("client-id", SPECIFIED, null)))
                .containsExactlyInAnyOrder(aliceAtC, anyClient);
        assertThat(quotas(true, component("user", EXACT, "alice"), component("client-id", EXACT, "c")))
                .containsExactly(aliceAtC);
        assertThat(quotas(true, component("ip", EXACT, "10.0.0.1"))).containsExactly(address);
        assertThat(quotas(false, component("user", EXACT, "nobody"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, x, INVALID_REQUEST",
        "group, 0, x, UNSUPPORTED_VERSION",
        "user, 0, , INVALID_REQUEST",
        "user, 1, x, INVALID_REQUEST",
        "user, 2, x, INVALID_REQUEST",
        "user, 3, , INVALID_REQUEST"
    })
    void shouldRefuseFiltersThatAreNone(String type, byte matchType, @Nullable String match, ErrorCode expected) {
        DescribeClientQuotasResponse response = describeQuotas(1, false, true, component(type, matchType, match));

        assertThat(ErrorCode.of(response.errorCode())).isEqualTo(expected);
        assertThat(response.errorMessage()).isNotBlank();
        assertThat(response.entries()).isNull();
    }

    @Test
    void shouldRefuseFiltersThatContradictThemselves() {
        ComponentData user = component("user", SPECIFIED, null);
        for (ComponentData other : List.of(user, component("ip", SPECIFIED, null))) {
            assertThat(ErrorCode.of(describeQuotas(1, false, true, user, other).errorCode()))
                    .isEqualTo(ErrorCode.INVALID_REQUEST);
        }
        assertThat(ErrorCode.of(describeQuotas(1, false, false, user).errorCode()))
                .isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
    }

    private static AlterClientQuotasRequest.EntryData quota(String type, @Nullable String name) {
        AlterClientQuotasRequest.EntryData entry = new AlterClientQuotasRequest.EntryData();
        entry.entity()
                .add(new AlterClientQuotasRequest.EntityData()
                        .setEntityType(type)
                        .setEntityName(name));
        return entry;
    }

    @Test
    void shouldForwardQuotasButForHostsThatCannotBeResolved() {
        AlterClientQuotasRequest asked = new AlterClientQuotasRequest()
                .setEntries(List.of(
                        quota("ip", "no such host"),
                        quota("user", "alice"),
                        quota("ip", "127.0.0.1"),
                        quota("ip", null)));
        for (int version = 0; version <= 1; version++) {
            RecordingRequest request = RecordingRequest.of(version, asked);
            new AlterClientQuotasHandler(controller).handle(request);
            assertThat(request.response(AlterClientQuotasResponse.class).entries())
                    .extracting(entry -> entry.entity().get(0).entityName() + " " + ErrorCode.of(entry.errorCode()))
                    .containsExactly("no such host INVALID_REQUEST", "alice NONE", "127.0.0.1 NONE", "null NONE");
        }
        assertThat(((AlterClientQuotasRequest) controller.requests().get(0)).entries())
                .hasSize(3);

        controller.fail();
        RecordingRequest failed = RecordingRequest.of(1, asked);
        new AlterClientQuotasHandler(controller).handle(failed);
        assertThat(failed.response(AlterClientQuotasResponse.class).entries())
                .extracting(entry -> ErrorCode.of(entry.errorCode()))
                .containsExactly(
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.NOT_CONTROLLER,
                        ErrorCode.NOT_CONTROLLER,
                        ErrorCode.NOT_CONTROLLER);
    }

    @Test
    void shouldForwardNoQuotaOfThoseWhoMayNotSetAny() {
        RecordingRequest request = RecordingRequest.of(
                        1, new AlterClientQuotasRequest().setEntries(List.of(quota("user", "alice"))))
                .allowing((operation, resource) -> operation != Operation.ALTER_CONFIGS);
        new AlterClientQuotasHandler(controller).handle(request);

        assertThat(request.response(AlterClientQuotasResponse.class).entries())
                .extracting(entry -> ErrorCode.of(entry.errorCode()))
                .containsExactly(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        assertThat(controller.requests()).isEmpty();
    }
}
