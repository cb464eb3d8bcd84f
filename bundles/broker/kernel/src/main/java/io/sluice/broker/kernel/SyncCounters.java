package io.sluice.broker.kernel;

import io.sluice.broker.api.metrics.LatencyHistogram;
import java.util.concurrent.atomic.LongAdder;

/** The fsyncs that appends wait for. Any thread, no lock. */
final class SyncCounters {
    private final LatencyHistogram latency = new LatencyHistogram();
    private final LongAdder failed = new LongAdder();

    LatencyHistogram latency() {
        return latency;
    }

    LongAdder failed() {
        return failed;
    }
}
