package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class ApiKeyTest {
    @Test
    void shouldHaveExactlyKafkasLiveApis() {
        assertThat(Arrays.stream(ApiKey.values()).map(Enum::name))
                .hasSize(91)
                .containsExactlyElementsOf(Arrays.stream(ApiKeys.values())
                        .filter(ApiKeys::hasValidVersion)
                        .sorted((a, b) -> a.id - b.id)
                        .map(Enum::name)
                        .toList());
    }

    @Test
    void shouldHaveKafkasNamesVersionsAndListeners() {
        for (ApiKey ours : ApiKey.values()) {
            ApiKeys theirs = ApiKeys.forId(ours.id());
            assertThat(ours.apiName()).isEqualTo(theirs.name);
            assertThat(ours.lowestVersion()).isEqualTo(theirs.messageType.lowestSupportedVersion());
            assertThat(ours.highestVersion()).isEqualTo(theirs.latestVersion(true));
            assertThat(ours.highestStableVersion()).isEqualTo(theirs.latestVersion(false));
            assertThat(ours.listeners().stream().map(Enum::name))
                    .as(ours.name())
                    .containsExactlyInAnyOrderElementsOf(theirs.messageType.listeners().stream()
                            .map(ApiMessageType.ListenerType::name)
                            .collect(Collectors.toSet()));
            assertThat(ApiKey.of(ours.id())).isSameAs(ours);
        }
    }

    @Test
    void shouldHaveKafkasHeaderVersions() {
        for (ApiKey ours : ApiKey.values()) {
            ApiMessageType theirs = ApiMessageType.fromApiKey(ours.id());
            for (short v = ours.lowestVersion(); v <= ours.highestVersion(); v++) {
                assertThat(ours.requestHeaderVersion(v))
                        .as("%s v%s", ours, v)
                        .isEqualTo(theirs.requestHeaderVersion(v));
                assertThat(ours.responseHeaderVersion(v))
                        .as("%s v%s", ours, v)
                        .isEqualTo(theirs.responseHeaderVersion(v));
                assertThat(ours.isVersionSupported(v)).isTrue();
            }
            assertThat(ours.isVersionSupported((short) (ours.highestVersion() + 1)))
                    .isFalse();
            assertThat(ours.isVersionSupported((short) (ours.lowestVersion() - 1)))
                    .isFalse();
        }
    }

    @Test
    void shouldMakeTheMessagesOfItsOwnKey() {
        for (ApiKey key : ApiKey.values()) {
            assertThat(key.newRequest().apiKey()).isEqualTo(key.id());
            assertThat(key.newRequest().getClass().getSimpleName()).isEqualTo(key.apiName() + "Request");
            assertThat(key.newResponse().apiKey()).isEqualTo(key.id());
            assertThat(key.newResponse().getClass().getSimpleName()).isEqualTo(key.apiName() + "Response");
        }
    }

    @Test
    void shouldKnowNothingOfOtherKeys() {
        for (short id : new short[] {-1, 4, 5, 6, 7, 1000, Short.MAX_VALUE, Short.MIN_VALUE}) {
            assertThat(ApiKey.of(id)).isNull();
        }
    }
}
