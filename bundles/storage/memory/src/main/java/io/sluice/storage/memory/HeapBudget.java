package io.sluice.storage.memory;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** How much heap the logs of an engine may take together. */
final class HeapBudget {
    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();

    HeapBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** @throws IOException when that is more than is left */
    void take(long bytes) throws IOException {
        if (used.addAndGet(bytes) > bytesMax) {
            used.addAndGet(-bytes);
            throw new IOException(
                    "the memory engine is full: its logs may take " + bytesMax + " bytes together (max.bytes)");
        }
    }

    /** What is there already when the engine is opened counts, whatever the limit is now. */
    void force(long bytes) {
        used.addAndGet(bytes);
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }
}
