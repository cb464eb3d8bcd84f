package io.sluice.request.api.telemetry;

import io.sluice.base.Uuid;
import io.sluice.request.api.ClientSoftware;
import io.sluice.security.api.Peer;
import io.sluice.security.api.Principal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one client pushed at one time.
 *
 * @param clientInstanceId chosen by a broker when the client first asked; stays the same as long as the client runs
 * @param pushIntervalMs how often this client is to push
 * @param terminating whether the client says that this was its last push
 * @param otlp a {@code MetricsData} message of OpenTelemetry's protocol (Protocol Buffers), decompressed; read-only, in the heap, and the
 *     receiver's own. Never longer than a small multiple of {@code telemetry.max.bytes}. Nobody has looked into it.
 */
public record PushedMetrics(
        Uuid clientInstanceId,
        @Nullable String clientId,
        @Nullable ClientSoftware software,
        Principal principal,
        Peer peer,
        int pushIntervalMs,
        boolean terminating,
        ByteBuffer otlp) {}
