package io.sluice.broker.kernel;

import io.sluice.broker.api.metrics.TopicTraffic;
import java.util.concurrent.atomic.LongAdder;

/** What went into one topic and out of it. Shared by its partitions; any thread, no lock. */
final class TopicCounters {
    private final LongAdder batchesIn = new LongAdder();
    private final LongAdder recordsIn = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder produces = new LongAdder();
    private final LongAdder failedProduces = new LongAdder();
    private final LongAdder fetches = new LongAdder();
    private final LongAdder failedFetches = new LongAdder();

    /** A batch was appended. */
    void appended(long records, int bytes) {
        batchesIn.increment();
        recordsIn.add(records);
        bytesIn.add(bytes);
    }

    /** An append to a partition ended, well or not. */
    void produced(boolean refused) {
        produces.increment();
        if (refused) {
            failedProduces.increment();
        }
    }

    /** A partition is in the answer to a fetch. */
    void fetched(int bytes, boolean refused) {
        fetches.increment();
        if (bytes > 0) {
            bytesOut.add(bytes);
        }
        if (refused) {
            failedFetches.increment();
        }
    }

    /** Takes over what another has counted. */
    void add(TopicCounters other) {
        batchesIn.add(other.batchesIn.sum());
        recordsIn.add(other.recordsIn.sum());
        bytesIn.add(other.bytesIn.sum());
        bytesOut.add(other.bytesOut.sum());
        produces.add(other.produces.sum());
        failedProduces.add(other.failedProduces.sum());
        fetches.add(other.fetches.sum());
        failedFetches.add(other.failedFetches.sum());
    }

    TopicTraffic snapshot(String topic) {
        return new TopicTraffic(
                topic,
                batchesIn.sum(),
                recordsIn.sum(),
                bytesIn.sum(),
                bytesOut.sum(),
                produces.sum(),
                failedProduces.sum(),
                fetches.sum(),
                failedFetches.sum());
    }
}
