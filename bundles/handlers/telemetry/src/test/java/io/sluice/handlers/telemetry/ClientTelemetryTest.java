package io.sluice.handlers.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Time;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.message.GetTelemetrySubscriptionsRequest;
import io.sluice.protocol.message.GetTelemetrySubscriptionsResponse;
import io.sluice.protocol.message.PushTelemetryRequest;
import io.sluice.protocol.message.PushTelemetryResponse;
import io.sluice.request.api.telemetry.PushedMetrics;
import io.sluice.request.kit.MemoryMetadata;
import io.sluice.request.kit.RecordingRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClientTelemetryTest {
    private static final int MAX_BYTES = 1000;
    private static final Uuid CLIENT = new Uuid(7, 8);

    private final MemoryMetadata metadata = new MemoryMetadata();
    private final Receivers receivers = new Receivers();
    private final List<PushedMetrics> received = new ArrayList<>();
    private long nowMs = 1_000L;
    private final ClientTelemetry telemetry = new ClientTelemetry(
            receivers,
            new Time() {
                @Override
                public long milliseconds() {
                    throw new AssertionError("this clock may jump");
                }

                @Override
                public long nanoseconds() {
                    return nowMs * 1_000_000L;
                }
            },
            RandomSource.seeded(3),
            () -> MAX_BYTES);

    private void subscription(String name, Map<String, String> config) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, name);
        metadata.config(resource, config);
        telemetry.changed(new MetadataDelta(Set.of(), Map.of(), Set.of(resource), false), metadata.image());
    }

    private GetTelemetrySubscriptionsResponse get(Uuid id) {
        RecordingRequest request =
                RecordingRequest.of(0, new GetTelemetrySubscriptionsRequest().setClientInstanceId(id));
        new GetTelemetrySubscriptionsHandler(new TelemetryComponent(telemetry)).handle(request);
        return request.response(GetTelemetrySubscriptionsResponse.class);
    }

    private static PushTelemetryRequest push(Uuid id, int subscriptionId) {
        return new PushTelemetryRequest()
                .setClientInstanceId(id)
                .setSubscriptionId(subscriptionId)
                .setMetrics(ByteBuffer.wrap("metrics".getBytes(StandardCharsets.UTF_8)));
    }

    private ErrorCode error(PushTelemetryRequest push) {
        RecordingRequest request = RecordingRequest.of(0, push);
        new PushTelemetryHandler(new TelemetryComponent(telemetry)).handle(request);
        return ErrorCode.of(request.response(PushTelemetryResponse.class).errorCode());
    }

    private static ErrorCode error(GetTelemetrySubscriptionsResponse response) {
        return ErrorCode.of(response.errorCode());
    }

    @Test
    void shouldAskNothingOfAClientThatNobodyWantsAnythingOf() {
        GetTelemetrySubscriptionsResponse answer = get(Uuid.ZERO);

        assertThat(error(answer)).isEqualTo(ErrorCode.NONE);
        assertThat(answer.clientInstanceId().isZero()).isFalse();
        assertThat(answer.requestedMetrics()).isEmpty();
        assertThat(answer.pushIntervalMs()).isEqualTo(300_000);
        assertThat(answer.telemetryMaxBytes()).isEqualTo(MAX_BYTES);
        assertThat(answer.acceptedCompressionTypes()).containsExactly((byte) 4, (byte) 3, (byte) 1, (byte) 2);
        assertThat(answer.deltaTemporality()).isTrue();
        assertThat(get(Uuid.ZERO).clientInstanceId()).isNotEqualTo(answer.clientInstanceId());
    }

    @Test
    void shouldAskForWhatAllFittingSubscriptionsWantAsOftenAsOneOfThem() {
        subscription("a", Map.of("metrics", "x., y.", "interval.ms", "5000"));
        subscription("b", Map.of("metrics", "y.,z.", "interval.ms", "9000", "match", "client_id=te.*"));
        subscription("c", Map.of("metrics", "no.", "interval.ms", "100", "match", "client_id=es"));

        GetTelemetrySubscriptionsResponse answer = get(CLIENT);

        assertThat(answer.clientInstanceId()).isEqualTo(CLIENT);
        assertThat(answer.requestedMetrics()).containsExactlyInAnyOrder("x.", "y.", "z.");
        assertThat(answer.pushIntervalMs()).isEqualTo(5000);

        subscription("d", Map.of("metrics", "*", "match", "client_software_name=test-client"));
        assertThat(get(CLIENT).requestedMetrics()).containsExactly("*");
    }

    @ParameterizedTest
    @CsvSource({
        "client_id=test, true",
        "client_id=tes, false",
        "client_instance_id=AAAAAAAAAAcAAAAAAAAACA, true",
        "client_software_version=1\\..*, true",
        "client_software_version=2.*, false",
        "client_source_address=localhost, true",
        "client_source_port=1, true",
        "client_source_port=2, false"
    })
    void shouldChooseClientsByWhatTheyAre(String match, boolean fits) {
        subscription("a", Map.of("metrics", "x.", "match", match));

        assertThat(get(CLIENT).requestedMetrics()).hasSize(fits ? 1 : 0);
    }

    @Test
    void shouldGiveTheSameSubscriptionTheSameIdAndAnotherAnother() {
        subscription("a", Map.of("metrics", "x.", "interval.ms", "5000"));
        int first = get(CLIENT).subscriptionId();
        assertThat(get(new Uuid(9, 9)).subscriptionId()).isNotEqualTo(first);
        subscription("a", Map.of("metrics", "x.", "interval.ms", "6000"));
        assertThat(get(CLIENT).subscriptionId()).isNotEqualTo(first);
        subscription("a", Map.of("metrics", "x.", "interval.ms", "5000"));
        assertThat(get(CLIENT).subscriptionId()).isEqualTo(first);
    }

    @Test
    void shouldHoldBackClientsThatComeTooOften() {
        subscription("a", Map.of("metrics", "x.", "interval.ms", "5000"));
        int id = get(CLIENT).subscriptionId();

        assertThat(error(get(CLIENT))).isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);
        nowMs += 1;
        assertThat(error(push(CLIENT, id)))
                .as("the first push may come at once")
                .isEqualTo(ErrorCode.NONE);
        nowMs += 4_999;
        assertThat(error(push(CLIENT, id))).isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);
        assertThat(error(get(CLIENT))).isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);
        nowMs += 1;
        assertThat(error(push(CLIENT, id))).isEqualTo(ErrorCode.NONE);
        nowMs += 5_000;
        assertThat(error(get(CLIENT))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldSendClientsBackToAskWhenTheirSubscriptionChanged() {
        subscription("a", Map.of("metrics", "x.", "interval.ms", "5000"));
        int id = get(CLIENT).subscriptionId();
        subscription("a", Map.of("metrics", "y.", "interval.ms", "5000"));

        assertThat(error(push(CLIENT, id))).isEqualTo(ErrorCode.UNKNOWN_SUBSCRIPTION_ID);
        GetTelemetrySubscriptionsResponse again = get(CLIENT);
        assertThat(error(again)).isEqualTo(ErrorCode.NONE);
        assertThat(again.requestedMetrics()).containsExactly("y.");
        nowMs += 1;
        assertThat(error(push(CLIENT, again.subscriptionId()))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void shouldTakeTheLastPushAtAnyTimeAndNoneAfterIt() {
        int id = get(CLIENT).subscriptionId();
        nowMs += 1;
        assertThat(error(push(CLIENT, id))).isEqualTo(ErrorCode.NONE);
        assertThat(error(push(CLIENT, id).setTerminating(true))).isEqualTo(ErrorCode.NONE);
        nowMs += 600_000;
        assertThat(error(push(CLIENT, id))).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldRefusePushesThatAreNone() {
        int id = get(CLIENT).subscriptionId();
        nowMs += 1;
        assertThat(error(push(Uuid.ZERO, id))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(push(new Uuid(0, 1), id))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(error(push(CLIENT, id).setCompressionType((byte) 5)))
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(error(get(CLIENT))).as("it may ask what it can push").isEqualTo(ErrorCode.NONE);
        nowMs += 1;
        assertThat(error(push(CLIENT, id).setMetrics(ByteBuffer.allocate(MAX_BYTES + 1))))
                .isEqualTo(ErrorCode.TELEMETRY_TOO_LARGE);
        nowMs += 300_000;
        assertThat(error(push(CLIENT, id).setMetrics(ByteBuffer.allocate(MAX_BYTES))))
                .isEqualTo(ErrorCode.NONE);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldHandDecompressedMetricsToEveryReceiver(CompressionType compression) {
        receivers.add(received::add);
        receivers.add(received::add);
        subscription("a", Map.of("metrics", "x.", "interval.ms", "5000"));
        int id = get(CLIENT).subscriptionId();
        nowMs += 1;
        PushTelemetryRequest push = push(CLIENT, id).setCompressionType((byte) compression.id());
        push.setMetrics(compression.compress(push.metrics()));

        assertThat(error(push)).isEqualTo(ErrorCode.NONE);

        assertThat(received).hasSize(2).allSatisfy(metrics -> {
            assertThat(StandardCharsets.UTF_8.decode(metrics.otlp()).toString()).isEqualTo("metrics");
            assertThat(metrics.otlp().isReadOnly()).isTrue();
            assertThat(metrics.clientInstanceId()).isEqualTo(CLIENT);
            assertThat(metrics.clientId()).isEqualTo("test");
            assertThat(metrics.software().name()).isEqualTo("test-client");
            assertThat(metrics.pushIntervalMs()).isEqualTo(5000);
            assertThat(metrics.terminating()).isFalse();
        });
    }

    @Test
    void shouldGiveNoReceiverWhatCannotBeDecompressedOrGrowsTooFar() {
        receivers.add(received::add);
        int id = get(CLIENT).subscriptionId();
        nowMs += 1;
        assertThat(error(push(CLIENT, id).setCompressionType((byte) 1))).isEqualTo(ErrorCode.INVALID_RECORD);
        nowMs += 300_000;
        ByteBuffer bomb =
                CompressionType.GZIP.compress(ByteBuffer.allocate(ClientTelemetry.DECOMPRESSED_TIMES * MAX_BYTES + 1));
        assertThat(bomb.remaining()).isLessThan(MAX_BYTES);
        assertThat(error(push(CLIENT, id).setCompressionType((byte) 1).setMetrics(bomb)))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(received).isEmpty();
    }

    @Test
    void shouldTellTheClientWhenAReceiverFailsAndServeTheOthers() {
        receivers.add(metrics -> {
            throw new IllegalStateException("planted");
        });
        receivers.add(received::add);
        int id = get(CLIENT).subscriptionId();
        nowMs += 1;

        assertThat(error(push(CLIENT, id))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(received).hasSize(1);
    }

    @Test
    void shouldForgetClientsThatStayAwayAndKeepNoMoreThanItMay() {
        ClientInstances instances = new ClientInstances();
        ClientInstance instance =
                new ClientInstance(new Selectors(Map.of()), Subscriptions.NONE.assign(CLIENT, new Selectors(Map.of())));
        instances.keep(CLIENT, instance, 0);
        assertThat(instances.find(CLIENT, 899_999)).isSameAs(instance);
        assertThat(instances.find(CLIENT, 900_000)).isNull();
        assertThat(instances.size()).isZero();

        for (int i = 0; i <= ClientInstances.MAX; i++) {
            instances.keep(new Uuid(1, i), instance, 0);
        }
        assertThat(instances.size()).isEqualTo(ClientInstances.MAX);
        assertThat(instances.find(new Uuid(1, 0), 1)).isNull();
        assertThat(instances.find(new Uuid(1, 1), 1)).isSameAs(instance);
    }

    /** Thousands of clients are remembered, each of which can say what it likes. */
    @Test
    void shouldRememberLittleOfAClientWithAVeryLongId() {
        RecordingRequest request =
                RecordingRequest.of(0, new GetTelemetrySubscriptionsRequest()).ofClient("x".repeat(30_000));
        Map<String, String> values = Selectors.of(CLIENT, request).values();
        assertThat(values.get("client_id")).hasSize(Selectors.CHARS_MAX);
        assertThat(values.get("client_software_name")).isEqualTo("test-client");
    }
}
