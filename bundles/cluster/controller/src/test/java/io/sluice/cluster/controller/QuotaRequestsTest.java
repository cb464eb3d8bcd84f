package io.sluice.cluster.controller;

import static io.sluice.cluster.controller.ControllerFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.cluster.api.QuotaEntity;
import io.sluice.protocol.message.AlterClientQuotasRequest;
import io.sluice.protocol.message.AlterClientQuotasRequest.EntityData;
import io.sluice.protocol.message.AlterClientQuotasRequest.EntryData;
import io.sluice.protocol.message.AlterClientQuotasRequest.OpData;
import io.sluice.protocol.message.AlterClientQuotasResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotaRequestsTest {
    private static final QuotaEntity ALICE = QuotaEntity.of(Map.of("user", "alice"));

    private final ControllerFixture fixture = ControllerFixture.registered();

    private static EntryData entry(String type, @Nullable String name, OpData... ops) {
        EntryData entry = new EntryData().setOps(List.of(ops));
        entry.entity().add(new EntityData().setEntityType(type).setEntityName(name));
        return entry;
    }

    private static EntryData and(EntryData entry, String type, @Nullable String name) {
        entry.entity().add(new EntityData().setEntityType(type).setEntityName(name));
        return entry;
    }

    private static OpData set(String key, double value) {
        return new OpData().setKey(key).setValue(value);
    }

    private static OpData remove(String key) {
        return new OpData().setKey(key).setRemove(true);
    }

    private List<AlterClientQuotasResponse.EntryData> alter(boolean validateOnly, EntryData... entries) {
        return done(fixture.controller()
                        .alterClientQuotas(new AlterClientQuotasRequest()
                                .setEntries(List.of(entries))
                                .setValidateOnly(validateOnly)))
                .entries();
    }

    private ErrorCode error(EntryData entry) {
        AlterClientQuotasResponse.EntryData answer = alter(false, entry).get(0);
        assertThat(answer.entity()).hasSameSizeAs(entry.entity());
        return ErrorCode.of(answer.errorCode());
    }

    @Test
    void shouldSetChangeAndRemoveQuotasOfEveryKindOfEntity() {
        assertThat(error(entry("user", "alice", set("producer_byte_rate", 10), set("request_percentage", 1.5))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(error(and(entry("user", null, set("consumer_byte_rate", 20)), "client-id", "c")))
                .isEqualTo(ErrorCode.NONE);
        assertThat(error(entry("ip", null, set("connection_creation_rate", 3)))).isEqualTo(ErrorCode.NONE);

        assertThat(fixture.image().quotas(ALICE))
                .isEqualTo(Map.of("producer_byte_rate", 10.0, "request_percentage", 1.5));
        assertThat(fixture.image().quotas(QuotaEntity.of(Map.of("user", "", "client-id", "c"))))
                .isEqualTo(Map.of("consumer_byte_rate", 20.0));
        assertThat(fixture.image().quotas(QuotaEntity.of(Map.of("ip", ""))))
                .isEqualTo(Map.of("connection_creation_rate", 3.0));

        assertThat(error(entry("user", "alice", set("producer_byte_rate", 11), remove("request_percentage"))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(fixture.image().quotas(ALICE)).isEqualTo(Map.of("producer_byte_rate", 11.0));
        assertThat(error(entry("user", "alice", remove("producer_byte_rate"), remove("never_set"))))
                .isEqualTo(ErrorCode.NONE);
        assertThat(fixture.image().quotaEntities()).doesNotContain(ALICE);
    }

    @ParameterizedTest
    @CsvSource({
        "user, no_such_quota, 1, Invalid configuration key no_such_quota",
        "user, connection_creation_rate, 1, Invalid configuration key connection_creation_rate",
        "ip, producer_byte_rate, 1, Invalid configuration key producer_byte_rate",
        "user, producer_byte_rate, 0, Quota producer_byte_rate must be greater than 0",
        "user, request_percentage, -1, Quota request_percentage must be greater than 0",
        "user, request_percentage, NaN, Quota request_percentage must be a finite number",
        "user, request_percentage, Infinity, Quota request_percentage must be a finite number",
        "client-id, consumer_byte_rate, 1.5, consumer_byte_rate cannot be a fractional value.",
        "user, producer_byte_rate, 1e19, Proposed value for producer_byte_rate is too large for a LONG.",
        "ip, connection_creation_rate, 2147483648, Proposed value for connection_creation_rate is too large for an INT.",
        "group, producer_byte_rate, 1, Unhandled client quota entity type: group"
    })
    void shouldRefuseKeysAndValuesThatAreNone(String type, String key, double value, String message) {
        AlterClientQuotasResponse.EntryData answer =
                alter(false, entry(type, "127.0.0.1", set(key, value))).get(0);

        assertThat(ErrorCode.of(answer.errorCode())).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(answer.errorMessage()).isEqualTo(message);
        assertThat(fixture.image().quotaEntities()).isEmpty();
    }

    @Test
    void shouldRefuseEntitiesThatAreNone() {
        assertThat(error(new EntryData().setOps(List.of(set("producer_byte_rate", 1)))))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(entry("user", "", set("producer_byte_rate", 1)))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(and(entry("user", "a", set("producer_byte_rate", 1)), "user", "b")))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(and(entry("user", "a", set("producer_byte_rate", 1)), "ip", "127.0.0.1")))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(fixture.image().quotaEntities()).isEmpty();
    }

    @Test
    void shouldAlterNeitherEntityThatIsNamedTwiceNorEntityWithKeyThatIs() {
        assertThat(alter(
                        false,
                        entry("user", "alice", set("producer_byte_rate", 1)),
                        entry("user", "bob", set("producer_byte_rate", 1), remove("producer_byte_rate")),
                        entry("user", "alice", set("producer_byte_rate", 2)),
                        entry("user", "carol", set("producer_byte_rate", 3))))
                .extracting(answer -> ErrorCode.of(answer.errorCode()))
                .containsExactly(
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.NONE);
        assertThat(fixture.image().quotaEntities()).containsExactly(QuotaEntity.of(Map.of("user", "carol")));
    }

    @Test
    void shouldOnlyValidateWhenAsked() {
        assertThat(alter(true, entry("user", "alice", set("producer_byte_rate", 1)))
                        .get(0)
                        .errorCode())
                .isZero();
        assertThat(fixture.image().quotaEntities()).isEmpty();
    }
}
