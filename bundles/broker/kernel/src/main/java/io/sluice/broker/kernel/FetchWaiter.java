package io.sluice.broker.kernel;

import io.sluice.broker.api.FetchOutcome;
import io.sluice.broker.api.FetchPosition;
import io.sluice.request.api.Wakeup;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One reader that waits until its positions have so many bytes together. */
final class FetchWaiter {
    private final List<Watched> watched;
    private final int minBytes;
    private final Wakeup wakeup;
    private final AtomicBoolean fired = new AtomicBoolean();

    FetchWaiter(List<Watched> watched, int minBytes, Wakeup wakeup) {
        this.watched = watched;
        this.minBytes = minBytes;
        this.wakeup = wakeup;
    }

    /** A position with its partition. */
    record Watched(Partition partition, FetchPosition position) {
        int availableBytes(int atMost) {
            if (!partition.hasLog() || partition.highWatermark() <= position.offset()) {
                return 0;
            }
            if (atMost <= 1) {
                return 1;
            }
            FetchOutcome outcome = partition.fetch(position, atMost, true);
            int bytes = outcome.records().sizeInBytes();
            outcome.records().release();
            return bytes;
        }
    }

    boolean hasEnough() {
        int missing = minBytes;
        for (Watched one : watched) {
            missing -= one.availableBytes(missing);
            if (missing <= 0) {
                return true;
            }
        }
        return false;
    }

    /** True when nobody waits any more: it was woken, or its time was over. */
    boolean isOver() {
        return fired.get() || (wakeup instanceof ParkedRequest parked && parked.isOver());
    }

    void fire() {
        if (fired.compareAndSet(false, true)) {
            wakeup.fire();
        }
    }
}
