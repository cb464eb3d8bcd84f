package io.sluice.cluster.local;

import java.nio.ByteBuffer;
import java.util.List;

/** Records that were committed together. */
record LogBatch(long firstOffset, int epoch, List<ByteBuffer> records) {
    long lastOffset() {
        return firstOffset + records.size() - 1;
    }
}
