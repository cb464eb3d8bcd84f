package io.sluice.storage.api;

import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.compress.CompressionException;
import io.sluice.protocol.compress.CompressionType;
import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the records of batches that lie in a log, where anything may have happened to them. For one thread. */
final class StoredRecords {
    private static final int DECOMPRESSED_BYTES_MAX = 256 * 1024 * 1024;

    private final RecordReader reader = new RecordReader();
    private @Nullable ByteBuffer decompressed;

    /**
     * The records, from the first on.
     *
     * @return null when the batch fails its checksum, not all of it decodes, or its records' offsets are not its own and rising; else a
     *     reader that is valid until the next call and does not fail
     */
    @Nullable
    RecordReader whole(RecordBatchView batch) {
        decompressed = null;
        CompressionType codec = CompressionType.of(batch.compressionId());
        if (codec == null || !batch.isValidCrc()) {
            return null;
        }
        try {
            if (codec == CompressionType.NONE) {
                return isWhole(batch, reader.reset(batch)) ? again(batch) : null;
            }
            ByteBuffer plain = codec.decompress(batch.payload(), DECOMPRESSED_BYTES_MAX);
            decompressed = plain;
            return isWhole(batch, reader.reset(batch, plain)) ? again(batch) : null;
        } catch (CompressionException | MalformedMessageException e) {
            return null;
        }
    }

    /** The records of the batch that was whole at the last call, from the first on once more. */
    RecordReader again(RecordBatchView batch) {
        ByteBuffer plain = decompressed;
        return plain == null ? reader.reset(batch) : reader.reset(batch, plain);
    }

    private static boolean isWhole(RecordBatchView batch, RecordReader records) {
        int before = -1;
        int last = batch.lastOffsetDelta();
        while (records.next()) {
            int delta = records.offsetDelta();
            if (delta <= before || delta > last) {
                return false;
            }
            before = delta;
        }
        return true;
    }
}
