package io.sluice.broker.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * The readers that wait for a partition to have more. They are woken by the event and polled by nobody; each is an entry
 * in a list. Any thread.
 */
final class FetchWaiters {
    private static final int PRUNE_AT_LEAST = 16;

    private final ArrayList<FetchWaiter> waiting = new ArrayList<>();
    private volatile boolean any;
    private volatile long seen;
    private int pruneAt = PRUNE_AT_LEAST;

    void add(FetchWaiter waiter) {
        synchronized (waiting) {
            if (waiting.size() >= pruneAt) {
                waiting.removeIf(FetchWaiter::isOver);
                pruneAt = Math.max(PRUNE_AT_LEAST, waiting.size() * 2);
            }
            waiting.add(waiter);
            any = true;
        }
    }

    /** The high watermark is at this offset now: those who have enough go on, those who need more bytes look again. */
    void advanced(long highWatermark) {
        if (highWatermark == seen) {
            return;
        }
        seen = highWatermark;
        if (any) {
            wake(false);
        }
    }

    /** Something else happened that readers must know: everybody goes on. */
    void fireAll() {
        if (any) {
            wake(true);
        }
    }

    int size() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    private void wake(boolean all) {
        List<FetchWaiter> woken = new ArrayList<>();
        synchronized (waiting) {
            waiting.removeIf(waiter -> {
                if (waiter.isOver()) {
                    return true;
                }
                if (all || waiter.hasEnough()) {
                    woken.add(waiter);
                    return true;
                }
                return false;
            });
            any = !waiting.isEmpty();
        }
        for (FetchWaiter waiter : woken) {
            waiter.fire();
        }
    }
}
