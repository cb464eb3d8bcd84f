package io.sluice.storage.api;

import java.util.Arrays;

/**
 * When the stretches of one file were last touched, by the clock of the {@link PageCache}. Any thread, no lock on the way of
 * appends and reads.
 */
public final class FileRecency {
    private static final int NEVER = 0;

    /** A stretch is touched anew when so much of the window has passed: the clock is not moved by every call. */
    private static final int REFRESH_PARTS = 4;

    private final PageCache cache;
    private volatile int[] stamps = new int[0];

    FileRecency(PageCache cache) {
        this.cache = cache;
    }

    /**
     * Bytes were appended. A stretch counts from its first byte on: one that was there before this process only counts once
     * it was read whole.
     */
    public void written(long position, int bytes) {
        int first = stretch(position);
        int last = stretch(position + bytes - 1L);
        boolean begun = (position & (PageCache.STRETCH_BYTES - 1L)) == 0L || stampOf(first) != NEVER;
        for (int i = begun ? first : first + 1; i <= last; i++) {
            touch(i);
        }
    }

    /** Bytes were read to where the system keeps them. */
    public void read(long position, long end) {
        for (int i = stretch(position); i <= stretch(end - 1L); i++) {
            touch(i);
        }
    }

    /** Bytes were given out: what is believed to be there stays longer. */
    public void used(long position, long end) {
        for (int i = stretch(position); i <= stretch(end - 1L); i++) {
            if (stampOf(i) != NEVER) {
                touch(i);
            }
        }
    }

    /** Where in this range the first byte lies that is not believed to be cached; its end when there is none. */
    public long recentUntil(long position, long end) {
        for (int i = stretch(position); i <= stretch(end - 1L); i++) {
            if (!isRecent(i)) {
                return Math.max(position, (long) i << PageCache.STRETCH_SHIFT);
            }
        }
        return end;
    }

    /** Bytes left memory for the disk, past the system's cache. */
    synchronized void left(long position, long end) {
        int[] known = stamps;
        for (int i = stretch(position); i <= stretch(end - 1L) && i < known.length; i++) {
            known[i] = NEVER;
        }
    }

    /** The range was believed to be cached, and had to be waited for. */
    public void wasGone(long position, long end) {
        for (int i = stretch(position); i <= stretch(end - 1L); i++) {
            int stamp = stampOf(i);
            if (stamp != NEVER) {
                cache.wasGone(cache.now() - stamp);
            }
        }
    }

    /** The stretch at this position was believed to be gone, and was not waited for. */
    public void wasThere(long position) {
        int stamp = stampOf(stretch(position));
        if (stamp != NEVER) {
            cache.wasThere(cache.now() - stamp);
        }
    }

    private boolean isRecent(int stretch) {
        int stamp = stampOf(stretch);
        return stamp != NEVER && cache.now() - stamp <= cache.window();
    }

    private int stampOf(int stretch) {
        int[] known = stamps;
        return stretch < known.length ? known[stretch] : NEVER;
    }

    private void touch(int stretch) {
        int stamp = stampOf(stretch);
        if (stamp == NEVER || cache.now() - stamp > cache.window() / REFRESH_PARTS) {
            stamp(stretch, cache.tick());
        }
    }

    private synchronized void stamp(int stretch, int tick) {
        int[] known = stamps;
        if (stretch >= known.length) {
            known = Arrays.copyOf(known, Math.max(stretch + 1, Math.min(known.length * 2, known.length + 64)));
            stamps = known;
        }
        known[stretch] = tick;
    }

    private static int stretch(long position) {
        return (int) (position >>> PageCache.STRETCH_SHIFT);
    }
}
