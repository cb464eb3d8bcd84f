package io.sluice.coordinator.share.partition;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.Records;
import io.sluice.protocol.record.RecordBatchFormat;
import io.sluice.storage.api.AbortedTransaction;
import io.sluice.storage.api.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Looks at the headers of the batches that a read gave, in memory or in a file, and cuts them out. Borrows the records. */
final class BatchScan {
    private static final int CHUNK_BYTES = 8 * 1024;

    private final Records records;
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private int chunkStart;

    private BatchScan(Records records) {
        this.records = records;
    }

    /**
     * The batches, in order. What is cut off at the end is left out.
     *
     * @param aborted of those who read committed records only; a batch of one of them is not deliverable
     */
    static List<FetchedBatch> of(Records records, List<AbortedTransaction> aborted) throws IOException {
        return new BatchScan(records).scan(aborted);
    }

    private List<FetchedBatch> scan(List<AbortedTransaction> aborted) throws IOException {
        List<FetchedBatch> batches = new ArrayList<>();
        int size = records.sizeInBytes();
        int position = 0;
        while (size - position >= RecordBatchFormat.HEADER_BYTES) {
            int header = headerAt(position);
            int length = RecordBatchFormat.LOG_OVERHEAD + chunk.getInt(header + RecordBatchFormat.LENGTH);
            if (chunk.get(header + RecordBatchFormat.MAGIC) != RecordBatchFormat.MAGIC_V2
                    || length < RecordBatchFormat.HEADER_BYTES) {
                throw new MalformedMessageException("a batch of an old format cannot be shared");
            }
            if (length > size - position) {
                break;
            }
            batches.add(batch(header, position, length, aborted));
            position += length;
        }
        return batches;
    }

    private FetchedBatch batch(int header, int position, int length, List<AbortedTransaction> aborted) {
        long base = chunk.getLong(header + RecordBatchFormat.BASE_OFFSET);
        long last = base + chunk.getInt(header + RecordBatchFormat.LAST_OFFSET_DELTA);
        short attributes = chunk.getShort(header + RecordBatchFormat.ATTRIBUTES);
        boolean control = (attributes & RecordBatchFormat.CONTROL_MASK) != 0;
        boolean transactional = (attributes & RecordBatchFormat.TRANSACTIONAL_MASK) != 0;
        long producerId = chunk.getLong(header + RecordBatchFormat.PRODUCER_ID);
        boolean deliverable = !control && !(transactional && isAborted(producerId, base, last, aborted));
        return new FetchedBatch(base, last, position, length, deliverable);
    }

    private static boolean isAborted(long producerId, long base, long last, List<AbortedTransaction> aborted) {
        for (AbortedTransaction one : aborted) {
            if (one.producerId() == producerId && one.firstOffset() <= base && last <= one.lastOffset()) {
                return true;
            }
        }
        return false;
    }

    /** Where the header that begins at a position of the records lies in the chunk. */
    private int headerAt(int position) throws IOException {
        int within = position - chunkStart;
        if (within >= 0 && within + RecordBatchFormat.HEADER_BYTES <= chunk.limit()) {
            return within;
        }
        if (records instanceof ByteBufferRecords memory) {
            chunk = memory.buffer().slice();
            chunkStart = 0;
            return position;
        }
        if (records instanceof FileSlice slice) {
            chunk = read(slice, position);
            chunkStart = position;
            return 0;
        }
        throw new IllegalArgumentException("records of an unknown kind: " + records);
    }

    private static ByteBuffer read(FileSlice slice, int position) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.min(CHUNK_BYTES, slice.sizeInBytes() - position));
        while (buffer.hasRemaining()) {
            long at = slice.position() + position + buffer.position();
            if (slice.file().isTruncatedBelow(slice.position() + slice.sizeInBytes())
                    || slice.file().channel().read(buffer, at) < 0) {
                throw new IOException("the log was truncated below what was being read");
            }
        }
        return buffer.flip();
    }

    /** A part of records, whose owner the caller is; the whole is released. */
    static Records cut(Records records, int from, int to) {
        if (from == 0 && to == records.sizeInBytes()) {
            return records;
        }
        if (records instanceof ByteBufferRecords memory) {
            Records part =
                    new ByteBufferRecords(memory.buffer().slice(memory.buffer().position() + from, to - from));
            memory.release();
            return part;
        }
        if (records instanceof FileSlice slice && slice.file().retain()) {
            Records part = new FileSlice(slice.file(), slice.position() + from, to - from);
            slice.release();
            return part;
        }
        throw new IllegalArgumentException("records that cannot be cut: " + records);
    }
}
