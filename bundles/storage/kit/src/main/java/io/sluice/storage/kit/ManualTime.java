package io.sluice.storage.kit;

import io.sluice.base.Time;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands until it is moved. */
public final class ManualTime implements Time {
    private final AtomicLong nowMs = new AtomicLong(1_700_000_000_000L);

    @Override
    public long milliseconds() {
        return nowMs.get();
    }

    @Override
    public long nanoseconds() {
        return nowMs.get() * 1_000_000L;
    }

    public void advance(long ms) {
        nowMs.addAndGet(ms);
    }
}
