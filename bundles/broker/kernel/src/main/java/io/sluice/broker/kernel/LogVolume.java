package io.sluice.broker.kernel;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One log directory and what may still be written to it. Appends count down an allowance; when it is used up, the disk is asked again. So
 * an append costs one atomic addition, and no timer runs while there is room.
 */
final class LogVolume {
    /** How long a full disk is not asked again. */
    private static final long FULL_NANOS = 100_000_000L;

    /** The most that is written before the disk is asked again, since others write to it, too. */
    private static final long ALLOWANCE_MAX = 256L << 20;

    /** So much more than nothing must be free before writes resume, lest they stop again at once. */
    private static final long RESUME_BYTES = 16L << 20;

    private final Path directory;
    private final DiskSpace space;
    private final AtomicLong allowance = new AtomicLong();
    private volatile @Nullable String full;
    private volatile long askedNanos;

    LogVolume(Path directory, DiskSpace space) {
        this.directory = directory;
        this.space = space;
    }

    Path directory() {
        return directory;
    }

    /** Why clients' records are refused; null while they are not. */
    @Nullable
    String full() {
        return full;
    }

    /** Null if so many bytes may be written, else why not. */
    @Nullable
    String refusalOf(int bytes) {
        if (full == null && allowance.addAndGet(-bytes) >= 0L) {
            return null;
        }
        return ask(bytes);
    }

    private synchronized @Nullable String ask(int bytes) {
        String was = full;
        long now = space.nanoseconds();
        if (was != null && now - askedNanos < FULL_NANOS) {
            return was;
        }
        askedNanos = now;
        DiskSpace.Room room = space.roomIn(this);
        long needed = bytes + (was == null ? 0L : Math.min(RESUME_BYTES, room.limit() / 64));
        if (room.left() >= needed) {
            allowance.set(Math.min(ALLOWANCE_MAX, room.left() / 2));
            full = null;
            if (was != null) {
                space.hasRoom(this);
            }
            return null;
        }
        full = room.explanation();
        if (was == null) {
            space.isFull(this);
        }
        return room.explanation();
    }

    /** Asks whether there is room again though nobody wants to write. */
    void askAgain() {
        ask(0);
    }
}
