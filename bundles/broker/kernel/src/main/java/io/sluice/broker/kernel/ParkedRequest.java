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
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Scheduler.@Nullable Cancellable timer;

    ParkedRequest(KernelRequest request, RequestDispatcher dispatcher, Object continuation) {
        this.request = request;
        this.dispatcher = dispatcher;
        this.continuation = continuation;
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
            dispatcher.resume(request, continuation, false);
        }
    }

    void timeOut() {
        if (over.compareAndSet(false, true)) {
            stopTimer();
            dispatcher.resume(request, continuation, true);
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
