package io.sluice.broker.kernel;

import io.sluice.base.ErrorCode;
import io.sluice.broker.api.AppendOutcome;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Appends with acks=all that wait for the high watermark, in the order of their offsets. Any thread. */
final class CommitWaiters {
    private record Waiter(long lastOffset, AppendWork work, AppendOutcome outcome) {}

    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

    void add(long lastOffset, AppendWork work, AppendOutcome outcome) {
        synchronized (waiters) {
            waiters.add(new Waiter(lastOffset, work, outcome));
        }
    }

    /** Answers those whose records all lie below the high watermark. */
    void completeBelow(long highWatermark) {
        while (true) {
            Waiter done = pollBelow(highWatermark);
            if (done == null) {
                return;
            }
            done.work().complete(done.outcome());
        }
    }

    void failAll(ErrorCode error) {
        while (true) {
            Waiter failed = pollBelow(Long.MAX_VALUE);
            if (failed == null) {
                return;
            }
            failed.work().refuse(error, null);
        }
    }

    private @Nullable Waiter pollBelow(long highWatermark) {
        synchronized (waiters) {
            Waiter first = waiters.peek();
            return first != null && first.lastOffset() < highWatermark ? waiters.poll() : null;
        }
    }
}
