package io.sluice.storage.api;

import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.compress.CompressionException;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for timestamps within a batch, for engines. A batch whose records do not decode is taken as a whole: its first offset stands for
 * all of them, so that a consumer that starts there misses nothing.
 */
public final class BatchTimestamps {
    private static final int DECOMPRESSED_BYTES_MAX = 256 * 1024 * 1024;

    private BatchTimestamps() {}

    /**
     * The first record of the batch at or above an offset whose timestamp is at least the given one.
     *
     * @param batch a whole batch from the buffer's position on; borrowed
     */
    public static @Nullable TimestampOffset firstAtOrAfter(ByteBuffer batch, long timestampMs, long leastOffset) {
        RecordBatchView view = new RecordBatchView().wrap(batch, batch.position());
        if (view.maxTimestamp() < timestampMs || view.lastOffset() < leastOffset) {
            return null;
        }
        RecordReader records = open(view);
        try {
            while (records != null && records.next()) {
                if (records.timestamp() >= timestampMs && records.offset() >= leastOffset) {
                    return new TimestampOffset(records.timestamp(), records.offset(), view.partitionLeaderEpoch());
                }
            }
        } catch (MalformedMessageException e) {
            records = null;
        }
        if (records != null) {
            return null;
        }
        return new TimestampOffset(
                view.maxTimestamp(), Math.max(leastOffset, view.baseOffset()), view.partitionLeaderEpoch());
    }

    /** The largest timestamp among the batch's records at or above an offset; -1 when there is none. */
    public static long largest(ByteBuffer batch, long leastOffset) {
        RecordBatchView view = new RecordBatchView().wrap(batch, batch.position());
        if (leastOffset <= view.baseOffset()) {
            return view.maxTimestamp();
        }
        long largest = -1L;
        try {
            RecordReader records = open(view);
            if (records == null) {
                return view.maxTimestamp();
            }
            while (records.next()) {
                if (records.offset() >= leastOffset) {
                    largest = Math.max(largest, records.timestamp());
                }
            }
        } catch (MalformedMessageException e) {
            return view.maxTimestamp();
        }
        return largest;
    }

    private static @Nullable RecordReader open(RecordBatchView view) {
        CompressionType codec = CompressionType.of(view.compressionId());
        try {
            if (codec == CompressionType.NONE) {
                return new RecordReader().reset(view);
            }
            return codec == null
                    ? null
                    : new RecordReader().reset(view, codec.decompress(view.payload(), DECOMPRESSED_BYTES_MAX));
        } catch (CompressionException | MalformedMessageException e) {
            return null;
        }
    }
}
