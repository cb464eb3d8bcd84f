package io.sluice.broker.api.metrics;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that can be measured, as a whiteboard service of any bundle: what it says is shown at {@code /metrics} beside the broker's own,
 * as long as it is registered.
 *
 * <p>Counting is the source's business, and the cheaper the better: a {@code LongAdder} or a {@link LatencyHistogram} for each thing, added to
 * once for a request or a batch, not for a record.
 */
@ConsumerType
@FunctionalInterface
public interface MetricSource {
    /**
     * Says what is so now. Called when somebody asks, one call at a time, on a thread that may wait a little; what it throws is logged, and what
     * it had said before that is shown.
     */
    void collect(MetricSink sink);
}
