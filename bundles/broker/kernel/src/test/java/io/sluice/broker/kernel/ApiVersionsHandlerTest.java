package io.sluice.broker.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.Time;
import io.sluice.protocol.ApiKey;
import io.sluice.protocol.message.ApiVersionsRequest;
import io.sluice.protocol.message.ApiVersionsResponse;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiVersionsHandlerTest {
    private final ApiSlots slots =
            new ApiSlots(new RoleContext(new SameThread(), Time.SYSTEM, Sabotage.of(null)), bundle -> true);
    private final ApiVersionsHandler handler =
            new ApiVersionsHandler(slots, new MemoryMetadata()::image, 1, "the-cluster", Sabotage.of(null));

    @BeforeEach
    void offer() {
        slots.offer(new PartRole.Candidate<>(handler, this, 0, "io.sluice.broker.kernel", ""));
    }

    private ApiVersionsResponse ask(int version, @Nullable String clusterId, int nodeId) {
        ApiVersionsRequest asked = new ApiVersionsRequest()
                .setClientSoftwareName("test")
                .setClientSoftwareVersion("1")
                .setClusterId(clusterId)
                .setNodeId(nodeId);
        RecordingRequest request = RecordingRequest.of(version, asked);
        handler.handle(request);
        return request.response(ApiVersionsResponse.class);
    }

    @ParameterizedTest
    @CsvSource({
        "the-cluster, 1, NONE",
        ", -1, NONE",
        ", 1, INVALID_REQUEST",
        "the-cluster, -1, INVALID_REQUEST",
        "'', -1, INVALID_REQUEST",
        "the-cluster, 2, REBOOTSTRAP_REQUIRED",
        "another-cluster, 1, REBOOTSTRAP_REQUIRED"
    })
    void shouldSendAwayWhoBelievesToTalkToAnother(@Nullable String clusterId, int nodeId, ErrorCode expected) {
        ApiVersionsResponse answer = ask(5, clusterId, nodeId);
        assertThat(ErrorCode.of(answer.errorCode())).isEqualTo(expected);
        if (expected == ErrorCode.NONE) {
            assertThat(answer.apiKeys())
                    .extracting(ApiVersionsResponse.ApiVersion::apiKey)
                    .containsExactly(ApiKey.API_VERSIONS.id());
        } else {
            assertThat(answer.apiKeys()).isEmpty();
        }
    }

    @Test
    void shouldLeaveOutFeaturesThatCanBeOffForClientsThatDoNotUnderstandIt() {
        assertThat(ask(4, null, -1).supportedFeatures())
                .extracting(feature -> feature.name() + " " + feature.minVersion() + " " + feature.maxVersion())
                .containsExactlyInAnyOrder(
                        "metadata.version 7 33",
                        "eligible.leader.replicas.version 0 1",
                        "group.version 0 1",
                        "kraft.version 0 1",
                        "share.version 0 2",
                        "streams.version 0 1",
                        "transaction.version 0 2");
        ApiVersionsResponse older = ask(3, null, -1);
        assertThat(older.supportedFeatures())
                .extracting(ApiVersionsResponse.SupportedFeatureKey::name)
                .containsExactly("metadata.version");
        assertThat(older.finalizedFeatures()).hasSize(2);
    }
}
