package io.sluice.request.api.telemetry;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Gets the metrics that clients push (KIP-714), as a whiteboard service: every one that is registered at the moment gets each push.
 * Without any, what clients push is dropped.
 */
@ConsumerType
@FunctionalInterface
public interface ClientMetricsReceiver {
    /**
     * Called on a worker that handles requests, possibly on several at a time; the client waits for its answer meanwhile, so it must be
     * quick. What is thrown is logged, and the client is told INVALID_RECORD, after the other receivers had the push too.
     */
    void receive(PushedMetrics metrics);
}
