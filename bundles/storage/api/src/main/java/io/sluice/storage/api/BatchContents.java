package io.sluice.storage.api;

import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.compress.CompressionException;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import io.sluice.protocol.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Looks whether the records of a batch are what its header says. Reused; for one thread. */
final class BatchContents {
    private static final int DECOMPRESSED_BYTES_MAX = 256 * 1024 * 1024;

    private final RecordReader records = new RecordReader();

    /** Null when all is in order, else what is not. */
    @Nullable
    String fault(RecordBatchView batch) {
        try {
            CompressionType codec = CompressionType.of(batch.compressionId());
            if (codec == null) {
                return "the compression " + batch.compressionId() + " is none that is known";
            }
            if (codec == CompressionType.NONE) {
                records.reset(batch);
            } else {
                records.reset(batch, codec.decompress(batch.payload(), DECOMPRESSED_BYTES_MAX));
            }
            return walk(batch);
        } catch (CompressionException | MalformedMessageException e) {
            return "its records cannot be decoded: " + e.getMessage();
        }
    }

    private @Nullable String walk(RecordBatchView batch) {
        int count = 0;
        int last = -1;
        long largest = -1L;
        while (records.next()) {
            count++;
            if (records.offsetDelta() <= last) {
                return "its offsets do not rise";
            }
            last = records.offsetDelta();
            largest = Math.max(largest, records.timestamp());
        }
        if (count != batch.recordCount()) {
            return "it has " + count + " records, and its header says " + batch.recordCount();
        }
        if (last > batch.lastOffsetDelta()) {
            return "its last offset is above the one in its header";
        }
        boolean stamped = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        if (!stamped && largest > batch.maxTimestamp()) {
            return "the timestamp " + largest + " is above the largest in its header, " + batch.maxTimestamp();
        }
        return null;
    }
}
