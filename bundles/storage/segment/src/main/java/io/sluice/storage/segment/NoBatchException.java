package io.sluice.storage.segment;

import java.io.IOException;

/** Where a batch should begin lies none: the file is damaged there, or the index is that led to it. */
final class NoBatchException extends IOException {
    private static final long serialVersionUID = 1L;

    NoBatchException(String problem) {
        super(problem);
    }
}
