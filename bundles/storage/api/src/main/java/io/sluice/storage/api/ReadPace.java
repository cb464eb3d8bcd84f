package io.sluice.storage.api;

import java.io.IOException;

/** Holds up who reads a lot, so that others come to the disk too. */
@FunctionalInterface
public interface ReadPace {
    /** As fast as it goes. */
    ReadPace UNBOUNDED = bytes -> {};

    /**
     * That many bytes were read: returns when the next may be. Called on the reader's thread.
     *
     * @throws IOException when reading is to end here
     */
    void read(int bytes) throws IOException;
}
