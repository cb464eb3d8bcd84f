package io.sluice.storage.mapdb;

import java.io.IOException;

/** What the store says of itself cannot be true, or it cannot be read although the disk can. */
final class DamagedStoreException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedStoreException(String message) {
        super(message);
    }

    DamagedStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
