package io.sluice.storage.segment;

import java.io.IOException;

/** Where a batch should begin lies none: the file is damaged there, or the index is that led to it. */
final class NoBatchException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long baseOffset;

    /** @param baseOffset of the segment; -1 when that is not known */
    NoBatchException(long baseOffset, String problem) {
        super(problem);
        this.baseOffset = baseOffset;
    }

    /** Of the segment; -1 when that is not known. */
    long baseOffset() {
        return baseOffset;
    }
}
