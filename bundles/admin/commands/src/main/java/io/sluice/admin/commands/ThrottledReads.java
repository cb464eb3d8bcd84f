package io.sluice.admin.commands;

import io.sluice.base.Time;
import io.sluice.storage.api.ReadPace;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Lets so many bytes be read in a second, and ends when the user wants it. For one thread. */
final class ThrottledReads implements ReadPace {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NAP_NANOS = 50_000_000L;

    private final double nanosPerByte;
    private final Time time;
    private final BooleanSupplier stopped;
    private long dueNanos;

    ThrottledReads(long bytesPerSecond, Time time, BooleanSupplier stopped) {
        this.nanosPerByte = NANOS_PER_SECOND / bytesPerSecond;
        this.time = time;
        this.stopped = stopped;
        this.dueNanos = time.nanoseconds();
    }

    @Override
    public void read(int bytes) throws IOException {
        long now = time.nanoseconds();
        dueNanos = Math.max(dueNanos, now) + (long) (bytes * nanosPerByte);
        while (dueNanos - time.nanoseconds() > 0L && !stopped.getAsBoolean()) {
            LockSupport.parkNanos(Math.min(NAP_NANOS, dueNanos - time.nanoseconds()));
        }
        if (stopped.getAsBoolean()) {
            throw new IOException("it was stopped");
        }
    }
}
