package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Records;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.storage.api.AppendResult;
import io.sluice.storage.api.FileSlice;
import io.sluice.storage.api.PartitionLog;
import io.sluice.storage.api.ProducerStatus;
import io.sluice.storage.api.ReadPace;
import io.sluice.storage.api.TransactionMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A log of another cluster, or of an earlier time, as it becomes one of this cluster: the same records at the same offsets under the
 * first leader epoch. Its producers get ids of this cluster: else a producer that is given the same id here would be taken for one of
 * them, and its first batches for repetitions. For one thread.
 */
final class TakenOverLog {
    private static final int PIECE_BYTES = 1024 * 1024;
    private static final int FIRST_EPOCH = 0;

    private final PartitionLog source;
    private final PartitionLog copy;
    private final LongSupplier freshIds;
    private final Map<Long, Long> ids = new HashMap<>();

    TakenOverLog(PartitionLog source, PartitionLog copy, LongSupplier freshIds) {
        this.source = source;
        this.copy = copy;
        this.freshIds = freshIds;
    }

    /** Copies all of it into an empty log. */
    void copy(ReadPace pace) throws IOException {
        long end = source.logEndOffset();
        long next = source.logStartOffset();
        boolean first = true;
        while (next < end) {
            ByteBuffer piece = take(source.read(next, PIECE_BYTES, end, true).records());
            if (!piece.hasRemaining()) {
                break; // offsets are missing up to the end
            }
            long begin = piece.getLong(piece.position() + RecordBatchFormat.BASE_OFFSET);
            if (first && begin > 0L) {
                copy.truncateFullyAndStartAt(begin);
            }
            first = false;
            next = takeOver(piece);
            copy.appendAsFollower(piece);
            pace.read(piece.remaining());
        }
        if (first) {
            copy.truncateFullyAndStartAt(end);
        } else if (copy.logEndOffset() < end) {
            throw new IOException("there is no batch between the offset " + copy.logEndOffset() + " and the log's end "
                    + end + ", and none can be made");
        }
        copy.advanceLogStart(source.logStartOffset());
    }

    /** The offset after the last batch. */
    private long takeOver(ByteBuffer piece) {
        RecordBatchView batch = new RecordBatchView();
        long next = -1L;
        for (int at = piece.position(); at < piece.limit(); at += batch.sizeInBytes()) {
            batch.wrap(piece, at);
            batch.setPartitionLeaderEpoch(FIRST_EPOCH);
            if (batch.hasProducerId()) {
                long id = ids.computeIfAbsent(batch.producerId(), theirs -> freshIds.getAsLong());
                piece.putLong(at + RecordBatchFormat.PRODUCER_ID, id);
                batch.rewriteCrc();
            }
            next = batch.nextOffset();
        }
        return next;
    }

    /**
     * Ends the transactions that were undecided: nobody here will ever decide them.
     *
     * @return how many there were
     */
    int abortUndecided() throws IOException {
        int aborted = 0;
        for (ProducerStatus producer : copy.producers()) {
            if (producer.currentTxnStartOffset() >= 0L) {
                TransactionMarker marker = new TransactionMarker(false, Math.max(0, producer.coordinatorEpoch()));
                ByteBuffer batch = marker.toBatch(
                        producer.producerId(), producer.producerEpoch(), Math.max(0L, producer.lastTimestampMs()));
                AppendResult result = copy.appendAsLeader(batch, false, FIRST_EPOCH);
                if (result instanceof AppendResult.Rejected rejected) {
                    ErrorCode why = rejected.error();
                    throw new IOException("an undecided transaction could not be aborted: " + why);
                }
                aborted++;
            }
        }
        return aborted;
    }

    private static ByteBuffer take(Records records) throws IOException {
        try {
            if (records.sizeInBytes() == 0) {
                return ByteBuffer.allocate(0);
            }
            if (records instanceof FileSlice slice) {
                return slice.toBuffer();
            }
            if (records instanceof ByteBufferRecords inMemory) {
                ByteBuffer own = ByteBuffer.allocate(records.sizeInBytes());
                return own.put(inMemory.buffer().duplicate()).flip();
            }
            throw new IOException("unknown records " + records.getClass());
        } finally {
            records.release();
        }
    }
}
