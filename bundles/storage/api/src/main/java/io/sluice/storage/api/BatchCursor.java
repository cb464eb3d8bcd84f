package io.sluice.storage.api;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.MalformedMessageException;
import io.sluice.protocol.Records;
import io.sluice.protocol.record.RecordBatchIterator;
import io.sluice.protocol.record.RecordBatchView;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Steps over the batches of a store with all of their bytes, a piece of the log at a time. What cannot be read is a finding, and is
 * stepped over where the store knows how. For one thread.
 */
final class BatchCursor {
    private static final int PIECE_BYTES = 1024 * 1024;

    private final LogStore store;
    private final String name;
    private final long end;
    private final ReadPace pace;
    private final LogFindings findings;
    private final RecordBatchIterator batches = new RecordBatchIterator(ByteBuffer.allocate(0));
    private long next;
    private boolean done;

    /**
     * @param name which of two logs it is, in findings; empty when there is one only
     * @param end no batch with an offset at or above this one is shown
     */
    BatchCursor(LogStore store, String name, long from, long end, ReadPace pace, LogFindings findings) {
        this.store = store;
        this.name = name;
        this.next = from;
        this.end = end;
        this.pace = pace;
        this.findings = findings;
    }

    /** The batch of the last {@link #next}; valid until the next one. */
    RecordBatchView batch() {
        return batches.batch();
    }

    /** The first offset that has not been shown. */
    long nextOffset() {
        return next;
    }

    String where(long offset) {
        String place = store.locate(offset);
        return name.isEmpty() || place.isEmpty() ? name + place : name + " " + place;
    }

    /** Steps to the next batch; false at the end, or where nothing more can be understood. */
    boolean next() throws IOException {
        while (!done) {
            try {
                if (batches.next()) {
                    if (accept(batches.batch())) {
                        return true;
                    }
                } else {
                    done = !fill();
                }
            } catch (MalformedMessageException e) {
                findings.add(next, where(next), "no record batch lies here, and what follows it cannot be read");
                done = true;
            }
        }
        return false;
    }

    /** Whether the batch is one that follows. What lies below is passed over: a read begins with the batch that holds its offset. */
    private boolean accept(RecordBatchView batch) {
        long last = batch.lastOffset();
        if (last < next && batch.baseOffset() <= last) {
            return false;
        }
        if (last < batch.baseOffset() || last >= end) {
            findings.add(
                    next,
                    where(next),
                    "a batch of the offsets " + batch.baseOffset() + " to " + last
                            + " is out of order; what follows it cannot be read");
            done = true;
            return false;
        }
        next = last + 1L;
        return true;
    }

    private boolean fill() throws IOException {
        next = Math.max(next, store.logStartOffset());
        if (next >= end) {
            return false;
        }
        LogRead read;
        try {
            read = store.read(next, PIECE_BYTES, end, true);
        } catch (CorruptRangeException e) {
            LogDamage damage = e.damage();
            findings.add(damage.firstOffset(), where(next), damage.describe());
            next = Math.max(next + 1L, damage.nextOffset());
            return next < end;
        }
        int size = read.records().sizeInBytes();
        ByteBuffer bytes = take(read.records());
        pace.read(size);
        batches.reset(bytes);
        return size > 0;
    }

    private static ByteBuffer take(Records records) throws IOException {
        try {
            if (records instanceof ByteBufferRecords inMemory) {
                return inMemory.buffer().duplicate();
            }
            if (records instanceof FileSlice slice) {
                return slice.toBuffer();
            }
            throw new IllegalArgumentException("unknown records " + records.getClass());
        } finally {
            records.release();
        }
    }
}
