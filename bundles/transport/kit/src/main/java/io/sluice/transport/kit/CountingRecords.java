package io.sluice.transport.kit;

import io.sluice.protocol.Records;
import java.util.concurrent.atomic.AtomicInteger;

/** No bytes at all, and a count of how often they were released. */
public final class CountingRecords implements Records {
    private final AtomicInteger releases = new AtomicInteger();

    @Override
    public int sizeInBytes() {
        return 0;
    }

    @Override
    public void release() {
        releases.incrementAndGet();
    }

    public int releases() {
        return releases.get();
    }
}
