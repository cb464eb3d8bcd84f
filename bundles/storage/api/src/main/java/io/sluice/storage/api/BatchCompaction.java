package io.sluice.storage.api;

import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import io.sluice.protocol.record.TimestampType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Compacts batches, for engines: of each key the last record stays, and a tombstone stays for {@code delete.retention.ms} after it was
 * first compacted, noted in its batch (KIP-534). The last batch of a producer that is still remembered stays without records, so that
 * its sequence is known after a restart. Batches that are damaged or whose records do not decode stay as they are.
 *
 * <p>Of a transaction that was aborted no record stays. Its marker, and a committed one's whose records are all gone, stays for
 * {@code delete.retention.ms} after that was seen, like a tombstone. So a pass has to be shown all batches of the log from its start on,
 * below the last stable offset. For one thread.
 */
public final class BatchCompaction {
    private final KeyOffsets latest;
    private final long nowMs;
    private final long deleteRetentionMs;
    private final LongUnaryOperator lastOffsets;
    private final boolean keepsKeyless;
    private final AbortedRanges aborted;
    private final Set<Long> producersInTransaction = new HashSet<>();
    private final RecordBatchView view = new RecordBatchView();
    private final StoredRecords records = new StoredRecords();
    private ByteBuffer raw = ByteBuffer.allocate(0);

    private int kept;
    private boolean tombstones;
    private long maxTimestamp;

    public BatchCompaction(KeyOffsets latest, long nowMs, long deleteRetentionMs) {
        this(latest, nowMs, deleteRetentionMs, producerId -> -1L, false, AbortedRanges.NONE);
    }

    private BatchCompaction(
            KeyOffsets latest,
            long nowMs,
            long deleteRetentionMs,
            LongUnaryOperator lastOffsets,
            boolean keepsKeyless,
            AbortedRanges aborted) {
        this.latest = latest;
        this.nowMs = nowMs;
        this.deleteRetentionMs = deleteRetentionMs;
        this.lastOffsets = lastOffsets;
        this.keepsKeyless = keepsKeyless;
        this.aborted = aborted;
    }

    /**
     * By the configuration of a topic.
     *
     * @param lastOffsets see {@link MaintenanceScope}
     * @param aborted the aborted transactions of all that is compacted
     */
    public static BatchCompaction of(
            LogConfig config, KeyOffsets latest, long nowMs, LongUnaryOperator lastOffsets, AbortedRanges aborted) {
        // Whether records have keys was not looked at when they came: what was acknowledged is not dropped for it.
        boolean keepsKeyless = config.recordValidation() == RecordValidation.HEADER;
        return new BatchCompaction(latest, nowMs, config.deleteRetentionMs(), lastOffsets, keepsKeyless, aborted);
    }

    /**
     * Takes the keys of a batch into a table; see {@link KeyCollector}.
     *
     * @return false when the table is full
     */
    public static boolean collect(ByteBuffer batch, KeyOffsets into) {
        return new KeyCollector(into).collect(batch, 0L);
    }

    /**
     * What is left of a batch.
     *
     * @param batch a whole batch; borrowed
     * @return the same buffer when all of it stays, another, owned by the caller, when some does, null when nothing does
     */
    public @Nullable ByteBuffer compact(ByteBuffer batch) {
        view.wrap(batch, batch.position());
        if (view.isTransactional()) {
            if (view.isControl()) {
                return marker(batch);
            }
            producersInTransaction.add(view.producerId());
            if (aborted.contain(view.producerId(), view.baseOffset())) {
                return withoutRecords(batch);
            }
        }
        if (view.isControl() || view.baseOffset() > latest.latestOffset()) {
            return batch;
        }
        @Nullable RecordReader reader = records.whole(view);
        if (reader == null) {
            return batch;
        }
        look(reader);
        if (kept == 0) {
            return withoutRecords(batch);
        }
        boolean marks = tombstones && !view.hasDeleteHorizon();
        if (kept == view.recordCount() && !marks) {
            return batch;
        }
        RecordReader again = records.again(view);
        return marks ? rebuild(again) : cut(again);
    }

    /** A transaction's end, which can go some time after all that it ended. */
    private @Nullable ByteBuffer marker(ByteBuffer batch) {
        boolean hasData = producersInTransaction.remove(view.producerId());
        if (hasData || view.baseOffset() > latest.latestOffset() || view.recordCount() == 0) {
            return batch;
        }
        if (view.hasDeleteHorizon()) {
            boolean known = lastOffsets.applyAsLong(view.producerId()) == MaintenanceScope.MARKERS_ONLY;
            return known || nowMs < view.baseTimestamp() ? batch : null;
        }
        @Nullable RecordReader reader = records.whole(view);
        return reader == null ? batch : rebuild(reader);
    }

    /** What a batch whose records are all gone leaves behind. */
    private @Nullable ByteBuffer withoutRecords(ByteBuffer batch) {
        if (!view.hasProducerId() || lastOffsets.applyAsLong(view.producerId()) != view.lastOffset()) {
            return null;
        }
        if (view.recordCount() == 0) {
            return batch;
        }
        int gone = RecordBatchFormat.COMPRESSION_MASK | RecordBatchFormat.DELETE_HORIZON_MASK;
        ByteBuffer empty = withPayload(ByteBuffer.allocate(0), view.attributes() & ~gone);
        empty.putLong(RecordBatchFormat.BASE_TIMESTAMP, RecordBatchFormat.NO_TIMESTAMP);
        return finish(empty, 0, view.maxTimestamp());
    }

    private void look(RecordReader reader) {
        kept = 0;
        tombstones = false;
        maxTimestamp = RecordBatchFormat.NO_TIMESTAMP;
        while (reader.next()) {
            if (keeps(reader)) {
                kept++;
                // The wait begins with the round that takes away what the tombstone supersedes.
                tombstones |= reader.hasKey() && !reader.hasValue() && reader.offset() <= latest.latestOffset();
                maxTimestamp = Math.max(maxTimestamp, reader.timestamp());
            }
        }
    }

    private boolean keeps(RecordReader record) {
        if (record.offset() > latest.latestOffset()) {
            return true;
        }
        ByteBuffer key = record.key();
        if (key == null) {
            return keepsKeyless;
        }
        if (latest.get(key) > record.offset()) {
            return false;
        }
        return record.hasValue() || !view.hasDeleteHorizon() || nowMs < view.baseTimestamp();
    }

    /** The records that stay, byte for byte as they are. */
    private ByteBuffer cut(RecordReader reader) {
        ByteBuffer source = reader.buffer();
        raw.clear();
        while (reader.next()) {
            if (keeps(reader)) {
                int size = reader.recordSizeInBytes();
                if (raw.remaining() < size) {
                    raw = ByteBuffer.allocate(Math.max(2 * raw.capacity(), raw.position() + size))
                            .put(raw.flip());
                }
                raw.put(source.slice(reader.recordPosition(), size));
            }
        }
        CompressionType codec = view.compressionType();
        ByteBuffer plain = raw.flip();
        ByteBuffer batch =
                withPayload(codec == CompressionType.NONE ? plain : codec.compress(plain), view.attributes());
        boolean stamped = view.timestampType() == TimestampType.LOG_APPEND_TIME;
        return finish(batch, kept, stamped ? view.maxTimestamp() : maxTimestamp);
    }

    private ByteBuffer withPayload(ByteBuffer payload, int attributes) {
        int size = Math.addExact(RecordBatchFormat.HEADER_BYTES, payload.remaining());
        ByteBuffer batch = ByteBuffer.allocate(size);
        batch.put(view.buffer().slice(view.position(), RecordBatchFormat.HEADER_BYTES));
        batch.put(payload).flip();
        batch.putInt(RecordBatchFormat.LENGTH, size - RecordBatchFormat.LOG_OVERHEAD);
        return batch.putShort(RecordBatchFormat.ATTRIBUTES, (short) attributes);
    }

    private static ByteBuffer finish(ByteBuffer batch, int recordCount, long maxTimestamp) {
        batch.putLong(RecordBatchFormat.MAX_TIMESTAMP, maxTimestamp);
        batch.putInt(RecordBatchFormat.RECORD_COUNT, recordCount);
        new RecordBatchView().wrap(batch, 0).rewriteCrc();
        return batch;
    }

    /** The records that stay, in a batch that says until when its tombstones do: their timestamps count from there. */
    private ByteBuffer rebuild(RecordReader reader) {
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .baseOffset(view.baseOffset())
                .partitionLeaderEpoch(view.partitionLeaderEpoch())
                .producer(view.producerId(), view.producerEpoch(), view.baseSequence())
                .compression(view.compressionType())
                .timestampType(view.timestampType())
                .transactional(view.isTransactional())
                .control(view.isControl())
                .deleteHorizon(nowMs + deleteRetentionMs);
        while (reader.next()) {
            if (view.isControl() || keeps(reader)) {
                builder.appendAt(
                        reader.offset(),
                        reader.key(),
                        reader.value(),
                        Arrays.asList(reader.headers()),
                        reader.timestamp());
            }
        }
        return builder.lastOffset(view.lastOffset()).build();
    }
}
