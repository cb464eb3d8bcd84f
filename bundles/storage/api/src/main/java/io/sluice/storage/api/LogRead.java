package io.sluice.storage.api;

import io.sluice.protocol.Records;

/**
 * What a read gave.
 *
 * @param records whole batches; the receiver releases them
 * @param firstOffset the base offset of the first batch, which may lie below what was asked for; -1 when empty
 * @param endOffset no record has an offset at or above this one, which may lie above the last batch's end; -1 when that is not known
 */
public record LogRead(Records records, long firstOffset, long endOffset) {
    public static final LogRead EMPTY = new LogRead(Records.EMPTY, -1L, -1L);

    public LogRead(Records records, long firstOffset) {
        this(records, firstOffset, -1L);
    }

    public boolean isEmpty() {
        return records.sizeInBytes() == 0;
    }
}
