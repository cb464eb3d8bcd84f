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

    /** Before anybody can end it. */
    void count() {
        request.countParked(1);
    }

    private boolean end() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        request.countParked(-1);
        stopTimer();
        return true;
    }

    void arm(long timeoutMs) {
        timer = dispatcher.scheduler().schedule(timeoutMs, this::timeOut);
    }

    boolean isOver() {
        return over.get();
    }

    @Override
    public void fire() {
        if (end()) {
            dispatcher.resume(request, continuation, false, keepsConnection);
        }
    }

    void timeOut() {
        if (end()) {
            dispatcher.resume(request, continuation, true, keepsConnection);
        }
    }

    void cancel() {
        end();
    }

    private void stopTimer() {
        Scheduler.Cancellable now = timer;
        if (now != null) {
            now.cancel();
        }
    }
}
