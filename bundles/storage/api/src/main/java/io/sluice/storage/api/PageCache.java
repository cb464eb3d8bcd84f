package io.sluice.storage.api;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What this process believes of the system's page cache, which nobody may ask: the stretches of files that it wrote or read
 * last are there. It has a clock that ticks once for each stretch of {@link #STRETCH_BYTES} that is touched anew; what was
 * touched within the last {@link #window()} ticks counts as cached. The window is a quarter of the machine's memory at most
 * and is corrected by what reading shows: a stretch that was believed cached and had to be waited for makes it smaller, one
 * that was believed gone and was there makes it larger.
 *
 * <p>One for the process, as there is one cache. Any thread; a figure lost in a race does no harm.
 */
public final class PageCache {
    /** The unit of belief. */
    public static final int STRETCH_BYTES = 1 << 20;

    static final int STRETCH_SHIFT = 20;

    /** What was touched so recently is never doubted: a slow read of it was slow for another reason. */
    static final int WINDOW_MIN = 64;

    private static final int MEMORY_PARTS = 4;
    private static final int GROWTH = 16;
    private static final PageCache SYSTEM = new PageCache(MachineMemory.bytes() / MEMORY_PARTS);

    private final int windowMax;
    private final AtomicInteger clock = new AtomicInteger(1);
    private volatile int window;

    /** @param bytes what may be believed to be cached at most */
    public PageCache(long bytes) {
        this.windowMax = (int) Math.max(WINDOW_MIN, Math.min(Integer.MAX_VALUE / 2, bytes >>> STRETCH_SHIFT));
        this.window = windowMax;
    }

    /** The one that the files of this process share. */
    public static PageCache system() {
        return SYSTEM;
    }

    /** How many ticks a stretch stays, as far as is known. */
    public int window() {
        return window;
    }

    int now() {
        return clock.get();
    }

    int tick() {
        return clock.incrementAndGet();
    }

    /** A stretch of this age was believed to be there and was not. */
    void wasGone(int age) {
        if (age > WINDOW_MIN && age <= window) {
            window = Math.max(WINDOW_MIN, age / 2);
        }
    }

    /** A stretch of this age was believed to be gone and was there. */
    void wasThere(int age) {
        int believed = window;
        if (age > believed) {
            window = Math.min(windowMax, believed + GROWTH);
        }
    }
}
