package io.sluice.storage.api;

import io.sluice.protocol.Records;

/**
 * What a read gave.
 *
 * @param records whole batches; the receiver releases them
 * @param firstOffset the base offset of the first batch, which may lie below what was asked for; -1 when empty
 */
public record LogRead(Records records, long firstOffset) {
    public static final LogRead EMPTY = new LogRead(Records.EMPTY, -1L);

    public boolean isEmpty() {
        return records.sizeInBytes() == 0;
    }
}
