package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Records;
import java.nio.ByteBuffer;

/**
 * What one read gave.
 *
 * @param records whole batches, owned by the receiver; empty with an error
 * @param divergingEpoch -1, or the epoch up to which the reader's log agrees, with its end in {@code divergingEndOffset}
 */
public record FetchOutcome(
        ErrorCode error,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        int divergingEpoch,
        long divergingEndOffset,
        Records records) {
    private static final Records NOT_YET = new ByteBufferRecords(ByteBuffer.allocate(0));

    /** What a read gives that waits for nothing, when the records would have to be waited for. */
    public static FetchOutcome cold(long highWatermark, long lastStableOffset, long logStartOffset) {
        return new FetchOutcome(ErrorCode.NONE, highWatermark, lastStableOffset, logStartOffset, -1, -1L, NOT_YET);
    }

    /** There may be records, but they are not in memory: see {@link Partitions#warm}. */
    public boolean isCold() {
        return records == NOT_YET;
    }

    public static FetchOutcome refused(ErrorCode error) {
        return new FetchOutcome(error, -1L, -1L, -1L, -1, -1L, Records.EMPTY);
    }
}
