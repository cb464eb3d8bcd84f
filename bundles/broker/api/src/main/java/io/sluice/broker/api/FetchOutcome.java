package io.sluice.broker.api;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Records;
import io.sluice.storage.api.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * What one read gave.
 *
 * @param records whole batches, owned by the receiver; empty with an error
 * @param divergingEpoch -1, or the epoch up to which the reader's log agrees, with its end in {@code divergingEndOffset}
 * @param abortedTransactions those that overlap the records, for a reader of committed records; none for others
 */
public record FetchOutcome(
        ErrorCode error,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        int divergingEpoch,
        long divergingEndOffset,
        Records records,
        List<AbortedTransaction> abortedTransactions) {
    private static final Records NOT_YET = new ByteBufferRecords(ByteBuffer.allocate(0));
    private static final Records NOT_HERE = new ByteBufferRecords(ByteBuffer.allocate(0));

    public FetchOutcome {
        abortedTransactions = List.copyOf(abortedTransactions);
    }

    public FetchOutcome(
            ErrorCode error,
            long highWatermark,
            long lastStableOffset,
            long logStartOffset,
            int divergingEpoch,
            long divergingEndOffset,
            Records records) {
        this(
                error,
                highWatermark,
                lastStableOffset,
                logStartOffset,
                divergingEpoch,
                divergingEndOffset,
                records,
                List.of());
    }

    /** What a read gives that waits for nothing, when the records would have to be waited for. */
    public static FetchOutcome cold(long highWatermark, long lastStableOffset, long logStartOffset) {
        return new FetchOutcome(ErrorCode.NONE, highWatermark, lastStableOffset, logStartOffset, -1, -1L, NOT_YET);
    }

    /** There may be records, but they are not in memory: see {@link Partitions#warm}. */
    public boolean isCold() {
        return records == NOT_YET;
    }

    /** What a read gives while the log is away because its engine is being replaced: nothing, and that says nothing of the log. */
    public static FetchOutcome absent(long highWatermark, long logStartOffset) {
        return new FetchOutcome(ErrorCode.NONE, highWatermark, highWatermark, logStartOffset, -1, -1L, NOT_HERE);
    }

    /** The log was away: whether there are records is not known. */
    public boolean isAbsent() {
        return records == NOT_HERE;
    }

    public static FetchOutcome refused(ErrorCode error) {
        return new FetchOutcome(error, -1L, -1L, -1L, -1, -1L, Records.EMPTY);
    }
}
