package io.sluice.handlers.telemetry;

import io.sluice.base.ErrorCode;
import io.sluice.base.RandomSource;
import io.sluice.base.Time;
import io.sluice.base.Uuid;
import io.sluice.cluster.api.ConfigResource;
import io.sluice.cluster.api.MetadataDelta;
import io.sluice.cluster.api.MetadataImage;
import io.sluice.handlers.telemetry.Subscriptions.Assignment;
import io.sluice.protocol.compress.CompressionException;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.message.GetTelemetrySubscriptionsRequest;
import io.sluice.protocol.message.GetTelemetrySubscriptionsResponse;
import io.sluice.protocol.message.PushTelemetryRequest;
import io.sluice.request.api.Request;
import io.sluice.request.api.telemetry.PushedMetrics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients what to push, and takes what they push (KIP-714). Any thread; what it knows of clients is lost with it, which costs each
 * of them nothing, because a subscription's id is the same again.
 */
final class ClientTelemetry {
    /** How many times {@code telemetry.max.bytes} a push may be when it is decompressed. */
    static final int DECOMPRESSED_TIMES = 16;

    /** As clients should prefer them. */
    private static final List<Byte> ACCEPTED = List.of(
            (byte) CompressionType.ZSTD.id(), (byte) CompressionType.LZ4.id(), (byte) CompressionType.GZIP.id(), (byte)
                    CompressionType.SNAPPY.id());

    private static final Uuid METADATA_TOPIC = new Uuid(0L, 1L);
    private static final Logger LOG = LoggerFactory.getLogger(ClientTelemetry.class);

    private final ClientInstances instances = new ClientInstances();
    private final Receivers receivers;
    private final Time time;
    private final RandomSource random;
    private final IntSupplier maxBytes;
    private volatile Subscriptions subscriptions = Subscriptions.NONE;

    /** @param maxBytes how long a push may be as it comes */
    ClientTelemetry(Receivers receivers, Time time, RandomSource random, IntSupplier maxBytes) {
        this.receivers = receivers;
        this.time = time;
        this.random = random;
        this.maxBytes = maxBytes;
    }

    /** Called for each image in order, one at a time. */
    void changed(MetadataDelta delta, MetadataImage image) {
        if (delta.changedConfigs().stream()
                .anyMatch(resource -> resource.type() == ConfigResource.Type.CLIENT_METRICS)) {
            subscriptions = subscriptions.next(image);
        }
    }

    GetTelemetrySubscriptionsResponse subscribe(GetTelemetrySubscriptionsRequest asked, Request request) {
        Uuid id = asked.clientInstanceId().isZero() ? Uuid.random(random) : asked.clientInstanceId();
        long nowMs = nowMs();
        ClientInstance instance = instance(id, request, nowMs);
        ErrorCode error = instance.ask(nowMs);
        if (error != ErrorCode.NONE) {
            return new GetTelemetrySubscriptionsResponse().setErrorCode(error.code());
        }
        Assignment assignment = instance.assignment();
        return new GetTelemetrySubscriptionsResponse()
                .setClientInstanceId(id)
                .setSubscriptionId(assignment.id())
                .setAcceptedCompressionTypes(ACCEPTED)
                .setPushIntervalMs(assignment.intervalMs())
                .setTelemetryMaxBytes(maxBytes.getAsInt())
                .setDeltaTemporality(true)
                .setRequestedMetrics(assignment.metrics());
    }

    ErrorCode push(PushTelemetryRequest asked, Request request) {
        Uuid id = asked.clientInstanceId();
        if (id.isZero() || id.equals(METADATA_TOPIC)) {
            return ErrorCode.INVALID_REQUEST;
        }
        long nowMs = nowMs();
        ClientInstance instance = instance(id, request, nowMs);
        ErrorCode error = instance.push(nowMs, asked.terminating(), asked.subscriptionId());
        if (error == ErrorCode.NONE) {
            error = take(asked, request, instance.assignment().intervalMs());
        }
        instance.pushed(error, asked.terminating());
        return error;
    }

    private ErrorCode take(PushTelemetryRequest asked, Request request, int intervalMs) {
        CompressionType compression = CompressionType.of(asked.compressionType());
        if (compression == null) {
            return ErrorCode.UNSUPPORTED_COMPRESSION_TYPE;
        }
        int limit = maxBytes.getAsInt();
        if (asked.metrics().remaining() > limit) {
            return ErrorCode.TELEMETRY_TOO_LARGE;
        }
        if (!asked.metrics().hasRemaining() || receivers.isEmpty()) {
            return ErrorCode.NONE;
        }
        ByteBuffer otlp;
        try {
            otlp = compression.decompress(
                    asked.metrics(), (int) Math.min(Integer.MAX_VALUE, (long) DECOMPRESSED_TIMES * limit));
        } catch (CompressionException e) {
            LOG.debug("The metrics of client {} cannot be decompressed", asked.clientInstanceId(), e);
            return ErrorCode.INVALID_RECORD;
        }
        ByteBuffer owned = copyUnlessOwned(otlp, compression);
        boolean taken = receivers.receive(() -> new PushedMetrics(
                asked.clientInstanceId(),
                request.clientId(),
                request.clientSoftware(),
                request.principal(),
                request.peer(),
                intervalMs,
                asked.terminating(),
                owned.asReadOnlyBuffer()));
        return taken ? ErrorCode.NONE : ErrorCode.INVALID_RECORD;
    }

    /** What was not compressed is a view of the request, which ends with the request. */
    private static ByteBuffer copyUnlessOwned(ByteBuffer otlp, CompressionType compression) {
        return compression == CompressionType.NONE
                ? ByteBuffer.allocate(otlp.remaining()).put(otlp).flip()
                : otlp;
    }

    /** The client as it is known, told of what changed since. */
    private ClientInstance instance(Uuid id, Request request, long nowMs) {
        Subscriptions now = subscriptions;
        ClientInstance instance = instances.find(id, nowMs);
        if (instance == null) {
            Selectors selectors = Selectors.of(id, request);
            instance = new ClientInstance(selectors, now.assign(id, selectors));
        } else if (instance.assignment().version() < now.version()) {
            instance.assign(now.assign(id, instance.selectors()));
        }
        instances.keep(id, instance, nowMs);
        return instance;
    }

    /** A clock that does not jump. */
    private long nowMs() {
        return time.nanoseconds() / 1_000_000L;
    }
}
