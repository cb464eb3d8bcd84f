package io.sluice.broker.kernel;

import io.sluice.broker.api.FetchPosition;
import io.sluice.request.api.Wakeup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** One reader that waits until its partitions have got so many bytes more together. */
final class FetchWaiter {
    private final List<Watched> watched;
    private final int moreBytes;
    private final Wakeup wakeup;
    private final AtomicBoolean fired = new AtomicBoolean();

    FetchWaiter(List<Watched> watched, int moreBytes, Wakeup wakeup) {
        this.watched = watched;
        this.moreBytes = moreBytes;
        this.wakeup = wakeup;
    }

    /**
     * A position with its partition.
     *
     * @param seenEnd up to where it could be read when the reader looked; with it the reader has read what there was
     * @param appendedBytes all that had been appended to the partition when the reader began to wait
     * @param uncommitted some of that could not be read then: how much becomes readable is not known by counting
     */
    record Watched(Partition partition, FetchPosition position, long seenEnd, long appendedBytes, boolean uncommitted) {
        /** To be called before the partition's end is looked at: what is appended meanwhile is counted. */
        static Watched from(Partition partition, FetchPosition position, long seenEnd) {
            // Records of a transaction become readable long after they were appended: when it ends.
            boolean undecided = position.readCommitted() && seenEnd < partition.highWatermark();
            return new Watched(
                    partition, position, seenEnd, partition.appendedBytes(), undecided || partition.hasUncommitted());
        }

        boolean hasMore() {
            return partition.hasLog() && partition.readableEnd(position.readCommitted()) > seenEnd;
        }

        long bytesSince() {
            return partition.appendedBytes() - appendedBytes;
        }
    }

    /** Whether more can be read already than the reader knew of when it began to wait. */
    boolean hasMore() {
        for (Watched one : watched) {
            if (one.hasMore()) {
                return true;
            }
        }
        return false;
    }

    boolean hasEnough() {
        long missing = moreBytes;
        for (Watched one : watched) {
            if (one.hasMore()) {
                missing -= one.uncommitted() ? missing : Math.max(1L, one.bytesSince());
            }
        }
        return missing <= 0L;
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

    /** Where the waiter is to be woken. */
    List<FetchWaiters> places() {
        List<FetchWaiters> places = new ArrayList<>(watched.size());
        for (Watched one : watched) {
            places.add(one.partition().fetchWaiters());
        }
        return places;
    }
}
