package io.sluice.storage.api;

import io.sluice.protocol.record.RecordBatchView;
import java.util.ArrayList;
import java.util.List;

/** Picks batches of a log, evenly and no more than a few, by whose timestamps a search must find them. For one thread. */
final class TimestampProbes {
    private static final int PROBES_MAX = 64;

    private final List<TimestampOffset> probes = new ArrayList<>();
    private long stride = 1L;
    private long seen;

    void take(RecordBatchView batch, long logStartOffset) {
        if (batch.recordCount() == 0) {
            return; // compaction emptied it: its timestamp is that of a record which is gone
        }
        boolean due = seen++ % stride == 0L;
        if (!due || batch.maxTimestamp() < 0L || batch.baseOffset() < logStartOffset) {
            return;
        }
        probes.add(new TimestampOffset(batch.maxTimestamp(), batch.lastOffset(), batch.partitionLeaderEpoch()));
        if (probes.size() > PROBES_MAX) {
            for (int i = probes.size() - 1; i >= 0; i -= 2) {
                probes.remove(i);
            }
            stride *= 2L;
        }
    }

    List<TimestampOffset> probes() {
        return probes;
    }
}
