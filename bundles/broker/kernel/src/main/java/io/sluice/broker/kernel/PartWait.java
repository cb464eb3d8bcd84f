package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that waits for a part to be open again. Whichever comes first ends it: the part opens and the request goes on,
 * or its time is over and it gets the error that its client tries again; then the part's role knows nothing of it any more.
 */
final class PartWait {
    private static final Logger LOG = LoggerFactory.getLogger(PartWait.class);

    private final KernelRequest request;
    private final PartRole<?, ?> role;
    private final ApiSlots slots;
    private final Runnable goOn;
    private final boolean occupiesConnection;
    private final Runnable woken = this::wake;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Scheduler.@Nullable Cancellable timeout;

    /** @param occupiesConnection whether the connection's next request waits for the end of this one's turn */
    PartWait(KernelRequest request, PartRole<?, ?> role, ApiSlots slots, boolean occupiesConnection, Runnable goOn) {
        this.request = request;
        this.role = role;
        this.slots = slots;
        this.occupiesConnection = occupiesConnection;
        this.goOn = goOn;
    }

    void begin(Scheduler scheduler) {
        slots.parked(request.api(), 1);
        timeout = scheduler.schedule(RequestDispatcher.PARKED_MS, this::giveUp);
        role.whenOpen(woken);
    }

    private void wake() {
        if (end()) {
            goOn.run();
        }
    }

    void giveUp() {
        if (end()) {
            role.forget(woken);
            LOG.info("{}: the wait for {} {} was given up", request, role.kind(), role.name());
            request.refuse(ErrorAnswers.whileAbsent(request.api()));
            if (occupiesConnection) {
                request.turnOver();
            }
        }
    }

    private boolean end() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        slots.parked(request.api(), -1);
        Scheduler.Cancellable armed = timeout;
        if (armed != null) {
            armed.cancel();
        }
        return true;
    }
}
