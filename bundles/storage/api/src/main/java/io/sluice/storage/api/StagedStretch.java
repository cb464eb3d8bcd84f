package io.sluice.storage.api;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A range of a file whose bytes are in a slot of the {@link StagingArea}. Written by one thread at a time; read by any that has pinned it,
 * which is for the time of a copy only. Who {@linkplain #retire() retires} it may use the slot for something else.
 */
final class StagedStretch {
    private static final int RETIRED = Integer.MIN_VALUE;

    private final StagedChannel owner;
    private final StagingArea area;
    private final int slot;
    private final ByteBuffer memory;
    private final long start;
    private final AtomicInteger pins = new AtomicInteger();
    private volatile long end;
    private volatile boolean persisted;
    private volatile boolean bypassed;
    private long flushed;

    /** @param end the bytes from {@code start} to there are in the memory and in the file already */
    StagedStretch(StagedChannel owner, StagingArea area, int slot, ByteBuffer memory, long start, long end) {
        this.owner = owner;
        this.area = area;
        this.slot = slot;
        this.memory = memory;
        this.start = start;
        this.end = end;
        this.flushed = end;
    }

    StagedChannel owner() {
        return owner;
    }

    int slot() {
        return slot;
    }

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    boolean isFull() {
        return end - start == StagingArea.SLOT_BYTES;
    }

    boolean covers(long position) {
        return position >= start && position < end;
    }

    /** Takes as many bytes as fit. What it says of itself to a later process it says after they are there. */
    void append(ByteBuffer source) {
        int at = (int) (end - start);
        int bytes = Math.min(source.remaining(), StagingArea.SLOT_BYTES - at);
        memory.put(at, source, source.position(), bytes);
        source.position(source.position() + bytes);
        long next = end + bytes;
        area.announce(slot, next);
        end = next;
    }

    /** Takes back what lies at or above this position, which is at least {@link #start()}. */
    void cut(long position) {
        if (position < end) {
            area.announce(slot, position);
            end = position;
            flushed = Math.min(flushed, position);
        }
    }

    /** The bytes between two positions, as they are; lent to who has pinned it or keeps it from being retired. */
    ByteBuffer bytes(long from, long to) {
        return memory.duplicate().limit((int) (to - start)).position((int) (from - start));
    }

    /** Below it the file has the bytes, too; kept by who holds the owner's lock for writing to the file. */
    long flushed() {
        return flushed;
    }

    void setFlushed(long position) {
        flushed = position;
    }

    /** The file has all of it, and a later process need not know of it. */
    void setPersisted() {
        persisted = true;
        area.announce(slot, 0L);
    }

    /** The file has it, and the system's cache has not. */
    void setBypassed() {
        bypassed = true;
    }

    boolean isBypassed() {
        return bypassed;
    }

    boolean isPersisted() {
        return persisted;
    }

    /** Keeps the slot until {@link #unpin}; false when it is given up already: the bytes are in the file. */
    boolean pin() {
        int now = pins.get();
        while (now >= 0) {
            if (pins.compareAndSet(now, now + 1)) {
                return true;
            }
            now = pins.get();
        }
        return false;
    }

    void unpin() {
        pins.decrementAndGet();
    }

    /** Lets nobody pin it any more; false when somebody has it pinned, or it was retired before. */
    boolean retire() {
        return pins.compareAndSet(0, RETIRED);
    }

    boolean isRetired() {
        return pins.get() < 0;
    }
}
