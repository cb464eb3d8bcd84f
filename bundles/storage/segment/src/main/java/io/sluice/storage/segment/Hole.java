package io.sluice.storage.segment;

import io.sluice.storage.api.LogDamage;
import java.nio.file.Path;

/**
 * Bytes of a segment that are no batches, between batches that are.
 *
 * @param position where it begins in the file
 * @param end where the next batch begins, or the file ends
 * @param firstOffset the offset that should follow there
 * @param nextOffset the first offset that can be read behind it
 */
record Hole(int position, int end, long firstOffset, long nextOffset) {
    boolean contains(long offset) {
        return offset >= firstOffset && offset < nextOffset;
    }

    /** Whether offsets were lost with the bytes. */
    boolean isLoss() {
        return nextOffset > firstOffset;
    }

    LogDamage damage(Path file) {
        return new LogDamage(
                firstOffset, nextOffset, file.getFileName() + ":" + position + "-" + end, "no whole batch lies there");
    }
}
