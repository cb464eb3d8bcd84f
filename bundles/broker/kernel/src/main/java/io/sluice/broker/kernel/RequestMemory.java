package io.sluice.broker.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of requests that are kept because they wait, under one ceiling ({@code queued.max.request.bytes}). Produces may
 * take {@linkplain #RESERVE_PARTS seven eighths} of it; the rest is for everything else, so that no number of parked
 * produces keeps a heartbeat out. Whoever wants to keep bytes asks before it takes the memory.
 *
 * <p>Produces are {@link #isScarce() scarce} of memory from three quarters of their share until half of it is free again:
 * connections that produce are not read meanwhile. Any thread; no lock is taken.
 */
final class RequestMemory {
    private static final int RESERVE_PARTS = 8;
    private static final int HEAP_PARTS = 4;
    private static final int SMALL_FRAME_BYTES = 64 * 1024;

    private final long ceiling;
    private final long dataCeiling;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong usedByData = new AtomicLong();
    private final AtomicLong usedByFrames = new AtomicLong();
    private final AtomicBoolean scarce = new AtomicBoolean();
    private final AtomicReference<@Nullable Runnable> onFree = new AtomicReference<>();
    private volatile Runnable whenChanged = () -> {};

    /** For whom memory is taken. */
    enum Share {
        /** Produce requests and the batches in them. */
        DATA,
        /** Groups, administration, fetches. */
        RESERVE
    }

    RequestMemory(long ceiling) {
        this.ceiling = ceiling;
        this.dataCeiling = ceiling - ceiling / RESERVE_PARTS;
    }

    /** @param configured {@code queued.max.request.bytes}; when it is not positive, a quarter of the heap is taken */
    static RequestMemory of(long configured, long heapBytesMax) {
        return new RequestMemory(configured > 0 ? configured : heapBytesMax / HEAP_PARTS);
    }

    /** What runs on a change of {@link #isScarce()}; it must neither block nor take a lock. */
    void whenScarcityChanges(Runnable action) {
        whenChanged = action;
    }

    /** Takes so many bytes if they are there. */
    boolean tryReserve(Share share, int bytes) {
        long most = share == Share.DATA ? dataCeiling : ceiling;
        long before = used.get();
        while (before + bytes <= most) {
            if (used.compareAndSet(before, before + bytes)) {
                noteData(share, bytes);
                return true;
            }
            before = used.get();
        }
        return false;
    }

    /**
     * Takes the bytes of a frame that has begun to come, if they are there and produces are not scarce of memory. Such frames have
     * half of what produces may take, the last quarter of that is for small ones, and they make nothing scarce: peers that do
     * not send what they began keep those waiting who come with large frames, and nobody else. A frame that is larger than all
     * there can be is let in while hardly another one is on its way, or it never could be.
     */
    boolean tryReserveFrame(int bytes) {
        if (scarce.get()) {
            return false;
        }
        long most = dataCeiling / 2;
        long before = usedByFrames.get();
        boolean oversized = bytes > most / 4 * 3;
        long limit = oversized ? most / RESERVE_PARTS : (bytes > SMALL_FRAME_BYTES ? most / 4 * 3 : most) - bytes;
        while (before <= limit) {
            if (usedByFrames.compareAndSet(before, before + bytes)) {
                used.addAndGet(bytes);
                return true;
            }
            before = usedByFrames.get();
        }
        return false;
    }

    /** Frees what {@link #tryReserveFrame} took. */
    void freeFrame(int bytes) {
        usedByFrames.addAndGet(-bytes);
        used.addAndGet(-bytes);
        runOnFree();
    }

    /** Runs the action at the next time that bytes of produces or of frames are freed. */
    void whenFreed(Runnable action) {
        onFree.set(action);
    }

    /** Counts bytes that cannot be done without; they may lie above the ceiling. */
    void reserve(Share share, int bytes) {
        used.addAndGet(bytes);
        noteData(share, bytes);
    }

    void free(Share share, int bytes) {
        used.addAndGet(-bytes);
        noteData(share, -bytes);
        if (share == Share.DATA) {
            runOnFree();
        }
    }

    private void runOnFree() {
        if (onFree.get() != null) {
            Runnable action = onFree.getAndSet(null);
            if (action != null) {
                action.run();
            }
        }
    }

    private void noteData(Share share, int change) {
        if (share == Share.DATA) {
            usedByData.addAndGet(change);
            settle();
        }
    }

    private void settle() {
        while (true) {
            boolean now = scarce.get();
            long data = usedByData.get();
            boolean should = data > (now ? dataCeiling / 2 : dataCeiling / 4 * 3);
            if (now == should) {
                return;
            }
            if (scarce.compareAndSet(now, should)) {
                whenChanged.run();
            }
        }
    }

    boolean isScarce() {
        return scarce.get();
    }

    long usedBytes() {
        return used.get();
    }

    long ceilingBytes() {
        return ceiling;
    }
}
