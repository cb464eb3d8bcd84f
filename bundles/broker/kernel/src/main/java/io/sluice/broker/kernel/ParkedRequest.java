package io.sluice.broker.kernel;

import io.sluice.base.Scheduler;
import io.sluice.request.api.Wakeup;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A request that waits for an event or for its time to be over, as data: no thread, and no object of a handler's. */
final class ParkedRequest implements Wakeup {
    private final KernelRequest request;
    private final RequestDispatcher dispatcher;
    private final Object continuation;
    private final boolean keepsConnection;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Scheduler.@Nullable Cancellable timer;

    /** @param keepsConnection whether the connection's next request waits for the end of this one's wait */
    ParkedRequest(KernelRequest request, RequestDispatcher dispatcher, Object continuation, boolean keepsConnection) {
        this.request = request;
        this.dispatcher = dispatcher;
        this.continuation = continuation;
        this.keepsConnection = keepsConnection;
    }

    void arm(long timeoutMs) {
        timer = dispatcher.scheduler().schedule(timeoutMs, this::timeOut);
    }

    boolean isOver() {
        return over.get();
    }

    @Override
    public void fire() {
        if (over.compareAndSet(false, true)) {
            stopTimer();
            dispatcher.resume(request, continuation, false, keepsConnection);
        }
    }

    void timeOut() {
        if (over.compareAndSet(false, true)) {
            stopTimer();
            dispatcher.resume(request, continuation, true, keepsConnection);
        }
    }

    void cancel() {
        over.set(true);
        stopTimer();
    }

    private void stopTimer() {
        Scheduler.Cancellable now = timer;
        if (now != null) {
            now.cancel();
        }
    }
}
