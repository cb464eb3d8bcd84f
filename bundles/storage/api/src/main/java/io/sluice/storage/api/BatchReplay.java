package io.sluice.storage.api;

import io.sluice.protocol.ByteBufferRecords;
import io.sluice.protocol.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Shows a store's batches by their headers, and its control batches whole, for those who play a log's batches again. */
final class BatchReplay {
    private BatchReplay() {}

    /** @param fromOffset at least the log's start */
    static void scan(LogStore store, long fromOffset, BatchVisitor visitor) throws IOException {
        try {
            store.scan(fromOffset, (header, at) -> {
                if (BatchHeader.isControl(header, at)) {
                    showWhole(store, header, at, visitor);
                } else {
                    visitor.visit(header, at);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void showWhole(LogStore store, ByteBuffer header, int at, BatchVisitor visitor) {
        if (header.limit() - at >= BatchHeader.sizeInBytes(header, at)) {
            visitor.visit(header, at);
            return;
        }
        long last = BatchHeader.lastOffset(header, at);
        try {
            LogRead read = store.read(last, 1, last + 1L, true);
            visitor.visit(take(read.records()), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer take(Records records) throws IOException {
        try {
            if (records instanceof ByteBufferRecords inMemory && records.sizeInBytes() > 0) {
                return inMemory.buffer().slice();
            }
            if (records instanceof FileSlice slice) {
                return slice.toBuffer();
            }
            throw new IOException("a control batch cannot be read again from " + records);
        } finally {
            records.release();
        }
    }
}
