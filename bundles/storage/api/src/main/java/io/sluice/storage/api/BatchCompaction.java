package io.sluice.storage.api;

import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.compress.CompressionException;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchBuilder;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compacts batches, for engines: of each key the last record stays, and a tombstone stays for {@code delete.retention.ms} after it was
 * first compacted, noted in its batch (KIP-534). Control batches, and batches whose records do not decode, stay as they are. For one
 * thread.
 */
public final class BatchCompaction {
    private static final int DECOMPRESSED_BYTES_MAX = 256 * 1024 * 1024;

    private final KeyOffsets latest;
    private final long nowMs;
    private final long deleteRetentionMs;
    private final RecordBatchView view = new RecordBatchView();
    private final RecordReader records = new RecordReader();

    public BatchCompaction(KeyOffsets latest, long nowMs, long deleteRetentionMs) {
        this.latest = latest;
        this.nowMs = nowMs;
        this.deleteRetentionMs = deleteRetentionMs;
    }

    /**
     * Takes the keys of a batch into a table.
     *
     * @param batch a whole batch; borrowed
     * @return false when the table is full: then it knows everything below the batch
     */
    public static boolean collect(ByteBuffer batch, KeyOffsets into) {
        RecordBatchView view = new RecordBatchView().wrap(batch, batch.position());
        long before = into.latestOffset();
        try {
            RecordReader records = open(view, new RecordReader());
            while (records != null && !view.isControl() && records.next()) {
                ByteBuffer key = records.key();
                if (key != null && !into.put(key, records.offset())) {
                    into.setLatestOffset(Math.max(before, view.baseOffset() - 1L));
                    return false;
                }
            }
        } catch (MalformedMessageException e) {
            into.setLatestOffset(view.lastOffset());
            return true;
        }
        into.setLatestOffset(view.lastOffset());
        return true;
    }

    /**
     * What is left of a batch.
     *
     * @param batch a whole batch; borrowed
     * @return the same buffer when all of it stays, another when some does, null when nothing does
     */
    public @Nullable ByteBuffer compact(ByteBuffer batch) {
        view.wrap(batch, batch.position());
        if (view.isControl()) {
            return batch;
        }
        try {
            RecordReader reader = open(view, records);
            if (reader == null) {
                return batch;
            }
            int kept = 0;
            boolean tombstones = false;
            while (reader.next()) {
                if (keeps(reader)) {
                    kept++;
                    tombstones |= !reader.hasValue();
                }
            }
            if (kept == 0) {
                return null;
            }
            boolean marks = tombstones && !view.hasDeleteHorizon();
            return kept == view.recordCount() && !marks ? batch : rebuild(marks);
        } catch (MalformedMessageException e) {
            return batch;
        }
    }

    private boolean keeps(RecordReader record) {
        ByteBuffer key = record.key();
        if (record.offset() > latest.latestOffset()) {
            return true;
        }
        if (key == null || latest.get(key) > record.offset()) {
            return false;
        }
        return record.hasValue() || !view.hasDeleteHorizon() || nowMs < view.baseTimestamp();
    }

    private ByteBuffer rebuild(boolean marks) {
        RecordBatchBuilder builder = new RecordBatchBuilder()
                .baseOffset(view.baseOffset())
                .partitionLeaderEpoch(view.partitionLeaderEpoch())
                .producer(view.producerId(), view.producerEpoch(), view.baseSequence())
                .compression(view.compressionType())
                .timestampType(view.timestampType())
                .transactional(view.isTransactional());
        if (marks) {
            builder.deleteHorizon(nowMs + deleteRetentionMs);
        } else if (view.hasDeleteHorizon()) {
            builder.deleteHorizon(view.baseTimestamp());
        }
        RecordReader reader = open(view, records);
        while (reader != null && reader.next()) {
            if (keeps(reader)) {
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

    private static @Nullable RecordReader open(RecordBatchView batch, RecordReader reader) {
        CompressionType codec = CompressionType.of(batch.compressionId());
        try {
            if (codec == CompressionType.NONE) {
                return reader.reset(batch);
            }
            return codec == null
                    ? null
                    : reader.reset(batch, codec.decompress(batch.payload(), DECOMPRESSED_BYTES_MAX));
        } catch (CompressionException e) {
            return null;
        }
    }
}
