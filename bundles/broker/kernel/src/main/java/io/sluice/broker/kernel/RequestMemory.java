package io.sluice.broker.kernel;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of requests are kept because they wait. Any thread. */
final class RequestMemory {
    private final AtomicLong used = new AtomicLong();

    void reserve(int bytes) {
        used.addAndGet(bytes);
    }

    void free(int bytes) {
        used.addAndGet(-bytes);
    }

    long usedBytes() {
        return used.get();
    }
}
