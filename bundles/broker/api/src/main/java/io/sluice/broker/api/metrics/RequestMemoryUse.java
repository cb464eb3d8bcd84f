package io.sluice.broker.api.metrics;

/**
 * The bytes of requests that are kept because they wait.
 *
 * @param ceilingBytes {@code queued.max.request.bytes}
 * @param scarce whether connections that produce are not read because of it
 */
public record RequestMemoryUse(long usedBytes, long ceilingBytes, boolean scarce) {}
