package io.sluice.storage.api;

import io.sluice.protocol.record.RecordBatchView;
import io.sluice.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the keys of batches into a table, for a round of compaction. A batch that is damaged, or whose records do not decode, supersedes
 * nothing, and neither does one of a transaction that was aborted. For one thread.
 */
public final class KeyCollector {
    private final KeyOffsets keys;
    private final AbortedRanges aborted;
    private final RecordBatchView view = new RecordBatchView();
    private final StoredRecords records = new StoredRecords();

    public KeyCollector(KeyOffsets keys) {
        this(keys, AbortedRanges.NONE);
    }

    public KeyCollector(KeyOffsets keys, AbortedRanges aborted) {
        this.keys = keys;
        this.aborted = aborted;
    }

    /**
     * Takes in the records of a batch from an offset on.
     *
     * @param batch a whole batch at the buffer's position; borrowed
     * @return false when the table is full: then it knows everything up to {@link KeyOffsets#latestOffset}, which may lie within the batch
     */
    public boolean collect(ByteBuffer batch, long fromOffset) {
        view.wrap(batch, batch.position());
        boolean counts = !view.isTransactional() || !aborted.contain(view.producerId(), view.baseOffset());
        if (counts && !view.isControl()) {
            @Nullable RecordReader reader = records.whole(view);
            if (reader != null && !take(reader, fromOffset)) {
                return false;
            }
        }
        keys.setLatestOffset(view.lastOffset());
        return true;
    }

    private boolean take(RecordReader reader, long fromOffset) {
        while (reader.next()) {
            ByteBuffer key = reader.offset() < fromOffset ? null : reader.key();
            if (key != null) {
                if (!keys.put(key, reader.offset())) {
                    return false;
                }
                keys.setLatestOffset(reader.offset());
            }
        }
        return true;
    }
}
